import {
  Code,
  CodecBody,
  type Connection,
  ConnectionsBody,
  childrenOf,
  DataMessage,
  DismissedBody,
  idOf,
  type Message,
  PushBody,
  RoomData,
  type Room as RoomObject,
  type TrickledCandidates,
  type VideoCodec,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { Admission } from './admission.ts';
import { abortable, within } from './async.ts';
import { type Changes, type ConferenceMessages, conferenceMessages, type JoinRequest } from './conference-messages.ts';
import { ConnectionController, inFrames } from './connection-controller.ts';
import { Emitter } from './emitter.ts';
import { HyperroomError, isRefusal } from './errors.ts';
import { FAREWELL_TIMEOUT, Hyperty, type SignallingServer } from './hyperty.ts';
import { bodyOf, type Request } from './message-bus.ts';
import { type PeerConnections, USUAL_CODEC } from './peer-connections.ts';
import { ReceivePool } from './receive-pool.ts';
import { SubscriptionChoices } from './subscriptions.ts';
import { Observer } from './syncher/observer.ts';

/** What the registry says of a participant. */
const CONFERENCE = { descriptor: 'conference', resources: ['audio', 'video'], dataSchemes: ['connection'] };
/** Milliseconds that a missing update of the room may take before the room is read again. */
const PATIENCE = 500;

/** Why a participant is no longer in a room. */
export type CloseReason =
  /** It left. */
  | 'left'
  /** The socket closed. */
  | 'connection-lost'
  /** A moderator removed it, or the room went on without it. */
  | 'removed'
  /** The same user joined again from elsewhere. */
  | 'replaced'
  /** A moderator or a back end ended the room. */
  | 'ended';

export interface ConferenceOptions {
  server: SignallingServer;
  /** Offers to receive that go with the join. */
  pool: number;
  peers: PeerConnections;
}

interface ConferenceEvents {
  /** Somebody has to admit this participant. */
  waiting: [];
  /** The room object, or what is received of its participants, changed. */
  changed: [];
  /** Chat, or data of the application. */
  message: [message: DataMessage];
  closed: [reason: CloseReason, description?: string];
}

/** The client conference hyperty: one participation in one room, from join to leave. */
export class ConferenceHyperty extends Emitter<ConferenceEvents> {
  readonly id: string;
  readonly url: string;
  readonly roomUrl: string;
  readonly connections: ConnectionController;
  readonly subscriptions: SubscriptionChoices;
  readonly messages: ConferenceMessages;
  readonly #request: JoinRequest;
  readonly #poolSize: number;
  readonly #pool: ReceivePool;
  readonly #hyperty: Hyperty;
  readonly #observer: Observer<RoomObject['data']>;
  readonly #admission: Admission;
  #registered: Promise<unknown> | undefined;
  #closed = false;

  constructor(options: ConferenceOptions, request: JoinRequest) {
    super();
    this.#request = request;
    this.#poolSize = Math.min(options.pool, request.create?.lastN ?? options.pool);
    this.#hyperty = new Hyperty(options.server, CONFERENCE);
    const { url, addresses } = this.#hyperty;
    this.url = url;
    this.id = idOf(url);
    this.roomUrl = addresses.room(request.roomId);
    this.messages = conferenceMessages(addresses.conference, url, this.roomUrl);
    this.connections = new ConnectionController({
      owner: url,
      newUrl: () => addresses.connection(crypto.randomUUID()),
      peers: options.peers,
      onCandidates: (candidates) => this.#trickle(candidates),
      onTracks: () => this.#changed(),
    });
    this.subscriptions = new SubscriptionChoices(request.auto, (subscriptions) => this.update({ subscriptions }));
    this.#pool = new ReceivePool({
      self: this.id,
      connections: this.connections,
      subscriptions: this.subscriptions,
      room: () => this.room.data,
      offer: (connections) => this.update({ connections }),
    });
    this.#admission = new Admission({
      ask: (connections) => this.#ask(connections),
      onWaiting: () => !this.#closed && this.emit('waiting'),
    });
    // The conference sends a room's changes to those in it unasked, so there is nothing to subscribe to.
    this.#observer = new Observer(this.#hyperty, this.roomUrl, { isValid: isRoomData, patience: PATIENCE });
    this.#listen();
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

  /** Asks something of the server, and resolves with its response. */
  request(request: Request): Promise<Message> {
    return this.#hyperty.bus.request(request)[0];
  }

  /** Changes what this participant publishes, receives, or says of itself. */
  async update(changes: Changes): Promise<ConnectionsBody> {
    const body = bodyOf(ConnectionsBody, await this.request(this.messages.update(changes)));
    this.#bound(body);
    return body;
  }

  #listen(): void {
    const { bus, url, addresses } = this.#hyperty;
    const unasked = { from: addresses.conference, to: url };
    bus.route({ type: 'update', ...unasked }, PushBody, (body) => this.#pushed(body));
    bus.route({ type: 'delete', ...unasked }, DismissedBody, (body) => this.#dismissed(body));
    this.#observer.on('updated', () => this.#changed());
    this.#observer.on('unreadable', (error) => this.#unreadable(error));
    this.#observer.on('deleted', () => this.#close('ended'));
    this.#observer.on('child', ({ reporter, value }) => {
      // Whoever is not the conference may add children of his own making.
      if (reporter === childrenOf(this.roomUrl) && v.is(DataMessage, value)) this.emit('message', value);
    });
    this.#hyperty.on('closed', (reason) => reason === 'connection-lost' && this.#close(reason));
  }

  async #enter(): Promise<void> {
    const codec = this.#request.create?.codec ?? USUAL_CODEC;
    try {
      await this.#enterWith(codec);
    } catch (error) {
      const wanted = codecOf(error);
      if (this.#closed || !wanted || wanted === codec) throw error;
      this.connections.clear();
      await this.#enterWith(wanted);
    }
  }

  /** Joins with offers of that codec. */
  async #enterWith(codec: VideoCodec): Promise<void> {
    const { stream } = this.#request;
    const sending = stream && ({ publication: 'main', stream } as const);
    const offers = this.connections.prepare(this.#poolSize, codec, sending);
    const [offered] = await Promise.all([offers, this.#hyperty.bus.opened]);
    if (this.#closed) return;
    const [first = [], ...later] = inFrames(this.connections.describe(offered));
    const joined = this.#admission.request(first);
    await Promise.all([joined.then((body) => this.#admitted(body)), this.#registered]);
    if (this.#closed) throw new HyperroomError('connection-lost', 'removed from the room while joining');
    if (later.length > 0) this.#pool.offer(async () => later.flat());
  }

  /** The first time along with the registration. */
  #ask(connections: Connection[]): Promise<Message> {
    const join = this.messages.join(this.#request, connections, this.subscriptions.initial);
    if (this.#registered) return this.request(join);
    const [registered, joined] = this.#hyperty.register(join);
    this.#registered = registered;
    return joined;
  }

  #admitted({ value, connections }: { value: RoomObject } & Pick<ConnectionsBody, 'connections'>): void {
    if (this.#closed) return;
    this.connections.accept(connections, value.version);
    this.#observer.load(value);
  }

  #pushed(body: PushBody): void {
    if (body.resource !== this.roomUrl || this.#closed) return;
    if ('admitted' in body) this.#admission.admit();
    else this.#bound(body);
  }

  #bound({ resource, connections, version }: ConnectionsBody): void {
    if (resource !== this.roomUrl) return;
    this.connections.accept(connections, version);
    this.#changed();
  }

  #dismissed(body: DismissedBody): void {
    if (body.resource !== this.roomUrl || this.#closed) return;
    this.#admission.dismiss(body);
    // Who is in already was not refused.
    if (this.#observer.isLoaded) this.#close(body.reason === 'refused' ? 'removed' : body.reason, body.description);
  }

  /** Brings the connections in line with the room, and tells of it. */
  #changed(): void {
    if (this.#closed || !this.#observer.isLoaded) return;
    const { version, data } = this.room;
    if (!data.participants[this.id]) {
      this.#close('removed');
      return;
    }
    this.connections.prune(
      version,
      (peer, publication) => data.participants[idOf(peer)]?.publications[publication] !== undefined,
    );
    this.emit('changed');
    if (!this.#closed) this.#pool.topUp();
  }

  async #trickle(candidates: TrickledCandidates): Promise<void> {
    // Without these candidates the connection is no worse off than before.
    await this.request(this.messages.trickle(candidates)).catch(() => {});
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
    // A leave that overtook its join would leave a participant behind.
    const isCounted = await within(FAREWELL_TIMEOUT, this.#admission.isCounted);
    if (isCounted !== false) await within(FAREWELL_TIMEOUT, this.#hyperty.takeLeave(this.messages.leave()));
    this.#disconnect();
  }

  readonly #onPageHide = () => {
    if (this.#registered) this.#hyperty.takeLeave(this.messages.leave());
    this.#close('left');
  };

  #close(reason: CloseReason, description?: string): void {
    if (this.#closed) return;
    this.#stop();
    this.#disconnect();
    this.#admission.fail(new HyperroomError('connection-lost', 'the connection closed while waiting to be admitted'));
    this.emit('closed', reason, description);
  }

  /** From here on nothing that happens in the room matters. */
  #stop(): void {
    this.#closed = true;
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#pool.stop();
    this.subscriptions.close();
    this.#observer.close();
  }

  #disconnect(): void {
    this.connections.close();
    this.#hyperty.disconnect();
  }
}

const isRoomData = (data: object): data is RoomObject['data'] => v.is(RoomData, data);

/** The codec that a room wants, if that is what a refusal is about. */
function codecOf(error: unknown): VideoCodec | undefined {
  const body = isRefusal(error, Code.notAcceptable) ? error.refusal : undefined;
  return v.is(CodecBody, body) ? body.codec : undefined;
}
