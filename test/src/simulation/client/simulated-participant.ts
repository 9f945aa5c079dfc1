import { randomUUID } from 'node:crypto';
import {
  Code,
  type Connection,
  type ConnectionAnswer,
  ConnectionsBody,
  changesOf,
  type DomainAddresses,
  domainAddresses,
  JoinedBody,
  type MediaKind,
  type Message,
  ObjectUpdate,
  ProbeBody,
  type PublicationName,
  Room,
  type RoomOptions,
  response,
  SCHEMAS,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { answers, publicationsOf, Receivers, type Shown } from './receivers.ts';
import { RoomReplica } from './room-replica.ts';
import { type CannedOffer, offerToPublish, offerToReceive } from './sdp.ts';
import { ClientSocket, type Reply, type Request, type Traffic } from './socket.ts';

export interface ParticipantOptions {
  readonly signallingUrl: string;
  readonly domain: string;
  readonly roomId: string;
  /** The room, if there is none yet. */
  readonly create: RoomOptions;
  readonly name: string;
  /** Hears that a peer connection, named by its ICE user fragment, has got its answer. */
  readonly onAccepted: (ufrag: string) => void;
}

/** What it publishes, of a name. */
export interface OwnPublication {
  readonly url: string;
  readonly kinds: readonly MediaKind[];
  readonly offer: CannedOffer;
}

/** Offers to receive that go with a join: the SDK's default. */
const POOL = 7;

/** Somebody in a room who says and hears all that the SDK does, but has no media. */
export class SimulatedParticipant {
  readonly id: string = randomUUID();
  readonly url: string;
  readonly replica = new RoomReplica();
  readonly receivers: Receivers;
  readonly publications = new Map<PublicationName, OwnPublication>();
  readonly #options: ParticipantOptions;
  readonly #at: DomainAddresses;
  readonly #room: string;
  readonly #faults: string[] = [];
  #socket: ClientSocket | undefined;
  #isOffering = false;
  #hasLeft = false;

  constructor(options: ParticipantOptions) {
    this.#options = options;
    this.receivers = new Receivers(options.onAccepted);
    this.#at = domainAddresses(options.domain);
    this.#room = this.#at.room(options.roomId);
    this.url = this.#at.hyperty(this.id);
  }

  get name(): string {
    return this.#options.name;
  }

  get traffic(): Traffic {
    return this.#open.traffic;
  }

  /** What it was told, or not told, against the rules. */
  get faults(): string[] {
    return [...this.#faults, ...this.replica.faults, ...this.receivers.faults].map((fault) => `${this.name}: ${fault}`);
  }

  /** Registers and joins in one frame, publishing camera and microphone; resolves with the answer. */
  async join(): Promise<Reply> {
    this.#socket = await ClientSocket.open(this.#options.signallingUrl, (message) => this.#hear(message));
    const description = { descriptor: 'conference', resources: ['audio', 'video'], dataSchemes: ['connection'] };
    const value = { url: this.url, ...description, ephemeral: true };
    const connections = [this.#publish('main'), ...this.#receive(POOL)];
    const { create, name } = this.#options;
    const identity = { name };
    const [, reply] = await Promise.all(
      this.#socket.request(
        { type: 'create', from: this.url, to: this.#at.registry, body: { value } },
        this.#toConference('create', { create, identity, connections }),
      ),
    );
    const { value: room, connections: answered } = v.parse(JoinedBody, reply.body);
    this.#take(answered, room.version);
    this.replica.load(room);
    this.#changed();
    return reply;
  }

  async shareScreen(): Promise<void> {
    await this.#update({ connections: [this.#publish('screen')] });
  }

  async speak(): Promise<void> {
    await this.#update({ speaking: true });
  }

  /** The room object as the conference has it. */
  async readRoom(): Promise<Room> {
    const { body } = await this.#ask(this.#toConference('read'));
    return v.parse(Room, body.value);
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    const gone = { resource: this.url, value: 'disconnected', attribute: 'status' };
    const unregister = { type: 'update', from: this.url, to: this.#at.registry, body: gone };
    await Promise.all(this.#open.request(this.#toConference('delete'), unregister));
    this.close();
  }

  close(): void {
    this.#socket?.close();
  }

  /** The publications of others that are in the room, as far as this one knows. */
  get others(): Shown[] {
    return publicationsOf(this.replica.room.data).filter((publication) => !publication.startsWith(this.id));
  }

  get #open(): ClientSocket {
    if (!this.#socket) throw new Error(`${this.name} has no socket`);
    return this.#socket;
  }

  #toConference(type: string, body: object = {}): Request {
    return { type, from: this.url, to: this.#at.conference, body: { resource: this.#room, ...body } };
  }

  async #ask(request: Request): Promise<Reply> {
    const [reply] = this.#open.request(request);
    return reply;
  }

  async #update(body: object): Promise<void> {
    const reply = await this.#ask(this.#toConference('update', body));
    const { connections, version } = v.parse(ConnectionsBody, reply.body);
    this.#take(connections, version);
    this.#changed();
  }

  #publish(publication: PublicationName): Connection {
    const kinds: MediaKind[] = publication === 'screen' ? ['video'] : ['audio', 'video'];
    const offer = offerToPublish(kinds);
    const connection = this.#connection({ direction: 'publish', publication }, offer.sdp);
    this.publications.set(publication, { url: connection.url, kinds, offer });
    return connection;
  }

  #receive(count: number): Connection[] {
    return Array.from({ length: count }, () => {
      const offer = offerToReceive();
      const connection = this.#connection({ direction: 'receive' }, offer.sdp);
      this.receivers.add(connection.url, offer);
      return connection;
    });
  }

  #connection(what: Pick<Connection['data'], 'direction' | 'publication'>, sdp: string): Connection {
    const now = new Date().toISOString();
    return {
      url: this.#at.connection(randomUUID()),
      reporter: this.url,
      schema: SCHEMAS.connection,
      version: 0,
      created: now,
      lastModified: now,
      data: {
        ...what,
        status: 'new',
        owner: this.url,
        peer: null,
        connectionDescription: { type: 'offer', sdp },
        iceCandidates: [],
      },
    };
  }

  #hear(message: Message): void {
    try {
      this.#heed(message);
    } catch (error) {
      this.#faults.push(String(error));
    }
    this.#changed();
  }

  #heed(message: Message): void {
    const { type, from, to, body } = message;
    if (type === 'read' && to === this.url && v.is(ProbeBody, body)) {
      this.#open.answer(response(message, Code.ok, { value: 'live' }));
    } else if (type === 'update' && to === changesOf(this.#room)) {
      this.replica.apply(v.parse(ObjectUpdate, body));
    } else if (type === 'update' && from === this.#at.conference && to === this.url) {
      const { connections, version } = v.parse(ConnectionsBody, body);
      this.#take(connections, version);
    } else {
      throw new Error(`heard ${type} from ${from} to ${to}`);
    }
  }

  #take(connections: readonly ConnectionAnswer[], version: number): void {
    for (const answer of connections) {
      const own = [...this.publications.values()].find(({ url }) => url === answer.url);
      if (own) this.#published(own, answer);
      else this.receivers.take(answer, version);
    }
  }

  #published({ url, offer }: OwnPublication, { connectionDescription, error }: ConnectionAnswer): void {
    if (answers(connectionDescription?.sdp ?? '', offer.sdp)) this.#options.onAccepted(offer.ufrag);
    else this.#faults.push(`${url} was answered with ${error ?? connectionDescription?.sdp}`);
  }

  /** As the SDK: connections follow the room, and there are enough of them. */
  #changed(): void {
    if (!this.replica.isLoaded || this.#hasLeft) return;
    this.receivers.prune(this.replica.room);
    const { lastN } = this.replica.room.data.options;
    const missing = this.receivers.missing(this.others.length, lastN);
    if (missing > 0 && !this.#isOffering) void this.#offer(missing);
  }

  async #offer(count: number): Promise<void> {
    this.#isOffering = true;
    const connections = this.#receive(count);
    try {
      await this.#update({ connections });
    } catch (error) {
      for (const { url } of connections) this.receivers.drop(url);
      if (!this.#hasLeft) this.#faults.push(String(error));
      return;
    } finally {
      this.#isOffering = false;
    }
    this.#changed();
  }
}
