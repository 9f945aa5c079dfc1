import {
  Code,
  type Connection,
  ConnectionsBody,
  idOf,
  JoinedBody,
  RoomData,
  type Room as RoomObject,
  type RoomOptions,
  type TrickledCandidates,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { abortable, within } from './async.ts';
import { type ConferenceMessages, conferenceMessages } from './conference-messages.ts';
import { ConnectionController, inFrames } from './connection-controller.ts';
import { Emitter } from './emitter.ts';
import { HyperroomError } from './errors.ts';
import { FAREWELL_TIMEOUT, Hyperty, type SignallingServer } from './hyperty.ts';
import { bodyOf } from './message-bus.ts';
import type { PeerConnections } from './peer-connections.ts';
import { Observer } from './syncher/observer.ts';

/** What the registry says of a participant. */
const CONFERENCE = { descriptor: 'conference', resources: ['audio', 'video'], dataSchemes: ['connection'] };
/** Milliseconds that a missing update of the room may take before the room is read again. */
const PATIENCE = 500;
/** With fewer spare connections than this beyond those awaited, more are offered. */
const FEW_SPARES = 2;
/** How many spare connections are offered beyond those awaited. */
const MORE_SPARES = 4;
/** Milliseconds until they are made, so as not to hold up connections that are about to show somebody. */
const UNHURRIED = 1_000;

/** Why a participant is no longer in a room. */
export type CloseReason =
  /** It left. */
  | 'left'
  /** The socket closed. */
  | 'connection-lost'
  /** The room was closed, or went on without it. */
  | 'removed';

export interface ConferenceOptions {
  server: SignallingServer;
  /** Offers to receive that go with the join. */
  pool: number;
  peers: PeerConnections;
}

export interface JoinRequest {
  roomId: string;
  name: string;
  stream?: MediaStream | undefined;
  create?: RoomOptions | undefined;
}

interface ConferenceEvents {
  /** The room object, or what is received of its participants, changed. */
  changed: [];
  closed: [reason: CloseReason];
}

/** The client conference hyperty: one participation in one room, from join to leave. */
export class ConferenceHyperty extends Emitter<ConferenceEvents> {
  readonly id: string;
  readonly url: string;
  readonly roomUrl: string;
  readonly connections: ConnectionController;
  readonly #request: JoinRequest;
  readonly #pool: number;
  readonly #messages: ConferenceMessages;
  readonly #hyperty: Hyperty;
  readonly #observer: Observer<RoomObject['data']>;
  #joined: Promise<void> | undefined;
  #toppingUp: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #offering = false;

  constructor(options: ConferenceOptions, request: JoinRequest) {
    super();
    this.#request = request;
    this.#pool = options.pool;
    this.#hyperty = new Hyperty(options.server, CONFERENCE);
    const { url, addresses, bus } = this.#hyperty;
    this.url = url;
    this.id = idOf(url);
    this.roomUrl = addresses.room(request.roomId);
    this.#messages = conferenceMessages(addresses.conference, url, this.roomUrl);
    this.connections = new ConnectionController({
      owner: url,
      newUrl: () => addresses.connection(crypto.randomUUID()),
      peers: options.peers,
      onCandidates: (candidates) => this.#trickle(candidates),
      onTracks: () => this.#changed(),
    });
    // The conference sends a room's changes to those in it unasked, so there is nothing to subscribe to.
    this.#observer = new Observer(this.#hyperty, this.roomUrl, { isValid: isRoomData, patience: PATIENCE });
    this.#observer.on('updated', () => this.#changed());
    this.#observer.on('unreadable', (error) => this.#unreadable(error));
    const pushes = { type: 'update', from: addresses.conference, to: url } as const;
    bus.route(pushes, ConnectionsBody, (body) => this.#bound(body));
    this.#hyperty.on('closed', (reason) => reason === 'connection-lost' && this.#close(reason));
  }

  /** The room as far as this participant knows, once it is joined. */
  get room(): RoomObject {
    return this.#observer.object;
  }

  /** Joins; an aborted or refused join leaves nothing behind. */
  async join(signal: AbortSignal | undefined): Promise<void> {
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    const entered = this.#enter();
    try {
      await abortable(entered, signal);
    } catch (error) {
      this.#depart();
      throw error;
    }
  }

  /** Leaves; resolves when the server has taken note, or has not within two seconds. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    const departed = this.#depart();
    this.emit('closed', 'left');
    await departed;
  }

  async #enter(): Promise<void> {
    const { stream, name, create } = this.#request;
    const [offered] = await Promise.all([this.connections.prepare(this.#pool, stream), this.#hyperty.bus.opened]);
    if (this.#closed) return;
    const [first = [], ...later] = inFrames(this.connections.describe(offered));
    const [registered, joined] = this.#hyperty.register(this.#messages.join(name, create, first));
    this.#joined = joined.then((response) => this.#admitted(bodyOf(JoinedBody, response)));
    await Promise.all([this.#joined, registered]);
    if (this.#closed) throw new HyperroomError('connection-lost', 'removed from the room while joining');
    if (later.length > 0) this.#offer(async () => later.flat());
  }

  #admitted({ value, connections }: JoinedBody): void {
    if (this.#closed) return;
    this.connections.accept(connections, value.version);
    this.#observer.load(value);
  }

  #bound({ resource, connections, version }: ConnectionsBody): void {
    if (resource !== this.roomUrl) return;
    this.connections.accept(connections, version);
    this.#changed();
  }

  /** Brings the connections in line with the room, and tells of it. */
  #changed(): void {
    if (this.#closed || !this.#observer.isLoaded) return;
    const { version, data } = this.room;
    if (!data.participants[this.id]) {
      this.#close('removed');
      return;
    }
    this.connections.prune(version, (peer) => Object.hasOwn(data.participants, idOf(peer)));
    this.emit('changed');
    this.#topUp();
  }

  /** Keeps spare connections ready for those who will publish next: at once if somebody is waiting to be seen. */
  #topUp(): void {
    clearTimeout(this.#toppingUp);
    const spare = this.#spare();
    if (spare >= FEW_SPARES) return;
    const more = async () => this.connections.describe(await this.connections.prepare(MORE_SPARES - this.#spare()));
    this.#toppingUp = setTimeout(() => this.#offer(more), spare < 0 ? 0 : UNHURRIED);
  }

  /** How many spare connections there will be when all who publish are seen; negative if there are too few for that. */
  #spare(): number {
    const others = Object.values(this.room.data.participants).filter(({ hypertyURL }) => hypertyURL !== this.url);
    const awaited = others.filter((other) => other.resources.length > 0 && !this.connections.isBound(other.hypertyURL));
    return this.connections.spare - awaited.length;
  }

  /** Offers further connections, unless that is going on already: the next change of the room sees to what is left. */
  async #offer(make: () => Promise<Connection[]>): Promise<void> {
    if (this.#offering) return;
    this.#offering = true;
    // A page that can make no more connections, or is leaving, goes on with those it has.
    const connections = await make().catch(() => []);
    for (const frame of inFrames(connections)) await this.#offerFrame(frame);
    this.#offering = false;
  }

  async #offerFrame(connections: Connection[]): Promise<void> {
    const [response] = this.#hyperty.bus.request(this.#messages.offer(connections));
    try {
      this.#bound(bodyOf(ConnectionsBody, await response));
    } catch {
      for (const { url } of connections) this.connections.drop(url);
    }
  }

  async #trickle(candidates: TrickledCandidates): Promise<void> {
    const [taken] = this.#hyperty.bus.request(this.#messages.trickle(candidates));
    // Without these candidates the connection is no worse off than before.
    await taken.catch(() => {});
  }

  #unreadable(error: unknown): void {
    if (isRefusal(error, Code.forbidden) || isRefusal(error, Code.notFound)) this.#close('removed');
  }

  /**
   * Takes leave of the server, then closes the connections: in the other order the media server would first
   * report a failure to everyone.
   */
  async #depart(): Promise<void> {
    this.#stop();
    if (this.#joined) {
      // A leave that overtook its join would leave a participant behind.
      const refused = await within(
        FAREWELL_TIMEOUT,
        this.#joined.then(() => false, isRefusal),
      );
      if (!refused) await within(FAREWELL_TIMEOUT, this.#hyperty.takeLeave(this.#messages.leave()));
    }
    this.#disconnect();
  }

  readonly #onPageHide = () => {
    if (this.#joined) this.#hyperty.takeLeave(this.#messages.leave());
    this.#close('left');
  };

  #close(reason: CloseReason): void {
    if (this.#closed) return;
    this.#stop();
    this.#disconnect();
    this.emit('closed', reason);
  }

  /** From here on nothing that happens in the room matters. */
  #stop(): void {
    this.#closed = true;
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    clearTimeout(this.#toppingUp);
    this.#observer.close();
  }

  #disconnect(): void {
    this.connections.close();
    this.#hyperty.disconnect();
  }
}

const isRoomData = (data: object): data is RoomObject['data'] => v.is(RoomData, data);

function isRefusal(error: unknown, code?: number): boolean {
  return error instanceof HyperroomError && error.status !== undefined && (code ?? error.status) === error.status;
}
