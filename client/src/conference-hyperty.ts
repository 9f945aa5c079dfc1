import {
  Code,
  type Connection,
  ConnectionsBody,
  childrenOf,
  DataMessage,
  DismissedBody,
  idOf,
  type JoinedBody,
  type Message,
  ProbeBody,
  type PublicationName,
  PushBody,
  ResumedBody,
  RoomData,
  type Room as RoomObject,
  response,
  type TrickledCandidates,
  type VideoCodec,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { Admission } from './admission.ts';
import { abortable, within } from './async.ts';
import {
  type Belongings,
  type Changes,
  type ConferenceMessages,
  conferenceMessages,
  type JoinRequest,
} from './conference-messages.ts';
import { ConnectionController } from './connection-controller.ts';
import { Emitter } from './emitter.ts';
import { enter } from './entrance.ts';
import { HyperroomError, type HyperroomErrorCode, isPassing, isRefusal } from './errors.ts';
import { FAREWELL_TIMEOUT, Hyperty, type SignallingServer } from './hyperty.ts';
import { type Ask, bodyOf, type Request } from './message-bus.ts';
import { type PeerConnections, USUAL_CODEC } from './peer-connections.ts';
import { ReceivePool } from './receive-pool.ts';
import { Repairs } from './repair/repairs.ts';
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
  /** The server does not take it back. */
  | 'connection-lost'
  /** A moderator removed it. */
  | 'removed'
  /** The same user joined again from elsewhere. */
  | 'replaced'
  /** A moderator or a back end ended the room, or it ended while this participant was away. */
  | 'ended'
  /** While this participant was away its place was given up, and the room was locked, */
  | 'locked'
  /** or is full by now, */
  | 'room-full'
  /** or its token is no longer good. */
  | 'token-expired';

/** What a refusal to let somebody in again makes of the room. */
const REASONS: Partial<Record<HyperroomErrorCode, CloseReason>> = {
  'not-found': 'ended',
  forbidden: 'removed',
  'waiting-refused': 'removed',
  conflict: 'replaced',
  locked: 'locked',
  'room-full': 'room-full',
  unauthorized: 'token-expired',
  'token-expired': 'token-expired',
};

export interface ConferenceOptions {
  server: SignallingServer;
  /** Offers to receive that go with the join. */
  pool: number;
  peers: PeerConnections;
}

interface ConferenceEvents {
  /** Somebody has to admit this participant. */
  waiting: [];
  /** `isUp` changed. */
  link: [];
  /** The stay was over and another has begun, in a room that may be another by the same name. All connections are new. */
  rejoined: [];
  /** What was published is broken, and must not be published again. */
  forbidden: [publication: PublicationName];
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
  readonly repairs: Repairs;
  readonly subscriptions: SubscriptionChoices;
  readonly messages: ConferenceMessages;
  /** What goes along with a join; whoever knows better from then on says so here. */
  belongings: () => Belongings;
  readonly #request: JoinRequest;
  readonly #poolSize: number;
  readonly #pool: ReceivePool;
  readonly #hyperty: Hyperty;
  readonly #observer: Observer<RoomObject['data']>;
  #admission = this.#newAdmission((connections) => this.#ask(connections));
  #registered: Promise<unknown> | undefined;
  /** Joins again, and is yet to tell so. */
  #isRejoining = false;
  #closed = false;

  constructor(options: ConferenceOptions, request: JoinRequest, belongings: Belongings) {
    super();
    this.#request = request;
    this.belongings = () => belongings;
    this.#poolSize = Math.min(options.pool, request.create?.lastN ?? options.pool);
    this.#hyperty = new Hyperty(options.server, CONFERENCE, {
      goOn: (ask, [first], isNew) => this.#goOn(ask, first, isNew),
      // The conference drops what comes twice, and so do those whom it passes data on to. Offers are better made anew by whoever needs
      // them: one that comes late would undo those that came after.
      isRepeatable: ({ type, body }) => type !== 'update' || !('connections' in (body ?? {})),
      rollsOver: true,
    });
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
      onTransport: (state) => {
        if (state === 'disconnected' || state === 'failed') this.check();
        this.repairs.look();
      },
      onUnknown: (url, version) => this.repairs.miss(url, version),
    });
    this.subscriptions = new SubscriptionChoices(request.auto, (subscriptions) => this.update({ subscriptions }));
    this.#pool = new ReceivePool({
      self: this.id,
      connections: this.connections,
      subscriptions: this.subscriptions,
      room: () => this.room.data,
      offer: (connections) => this.update({ connections }),
    });
    this.repairs = new Repairs({
      self: this.id,
      connections: this.connections,
      room: () => (this.#observer.isLoaded ? this.room : undefined),
      isUp: () => this.isUp,
      update: (changes) => this.update(changes),
      onEpoch: () => {
        this.subscriptions.renew();
        this.#pool.renew();
      },
      onForbidden: (publication) => this.emit('forbidden', publication),
      onGone: () => this.#changed(),
    });
    this.on('link', () => this.repairs.look());
    // The conference sends a room's changes to those in it unasked, so there is nothing to subscribe to.
    this.#observer = new Observer(this.#hyperty, this.roomUrl, { isValid: isRoomData, patience: PATIENCE });
    this.#listen();
  }

  /** The room as far as this participant knows, once it is joined. */
  get room(): RoomObject {
    return this.#observer.object;
  }

  /** Whether it can be reached, and reach the conference, at the moment. What it asks meanwhile waits. */
  get isUp(): boolean {
    return this.#hyperty.bus.isUp;
  }

  /** Joins; an aborted or refused join leaves nothing behind. */
  async join(signal: AbortSignal | undefined): Promise<void> {
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    const entered = this.#enter(this.#request.create?.codec ?? USUAL_CODEC, this.#poolSize);
    try {
      await abortable(Promise.all([entered, this.#hyperty.bus.opened]), signal);
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

  /** Asks something of the server, and resolves with its response: without a socket, when there is one again. */
  request(request: Request): Promise<Message> {
    return this.#hyperty.bus.request(request)[0];
  }

  /** Changes what this participant publishes, receives, or says of itself. */
  async update(changes: Changes): Promise<ConnectionsBody> {
    const body = bodyOf(ConnectionsBody, await this.request(this.messages.update(changes)));
    this.#bound(body);
    return body;
  }

  /** Makes sure of the socket, where something else has failed that may have failed with it. */
  check(): void {
    this.#hyperty.check();
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
    bus.route({ type: 'read', to: url }, ProbeBody, ({ resource }, probe) => {
      if (resource === this.roomUrl) bus.post(response(probe, Code.ok, { value: 'live' }));
    });
    this.#hyperty.on('reconnecting', () => this.emit('link'));
    this.#hyperty.on('reconnected', () => this.#observer.isLoaded && this.emit('link'));
    this.#hyperty.on('closed', (reason, error) => {
      if (reason === 'connection-lost') this.#close(reason, error instanceof Error ? error.message : undefined);
    });
  }

  #newAdmission(ask: (connections: Connection[]) => Promise<Message>): Admission {
    return new Admission({ ask, onWaiting: () => !this.#closed && this.emit('waiting') });
  }

  async #enter(codec: VideoCodec, receive: number): Promise<void> {
    const { connections } = this;
    const { opened } = this.#hyperty.bus;
    const { sending } = this.belongings();
    const { joined, later } = await enter({ connections, admission: this.#admission, sending, receive, opened }, codec);
    await this.#registered;
    this.#admitted(joined);
    if (this.#closed) throw new HyperroomError('connection-lost', 'removed from the room while joining');
    if (later.length > 0) this.#pool.offer(async () => later);
  }

  /** The first time along with the registration. */
  #ask(connections: Connection[]): Promise<Message> {
    if (this.#closed) throw new HyperroomError('connection-lost', 'left while joining');
    const join = this.messages.join(this.#request, this.belongings(), connections, this.subscriptions.initial);
    if (this.#registered) return this.request(join);
    const [registered, joined] = this.#hyperty.register(join);
    this.#registered = registered;
    // It is looked at once the join is answered.
    registered.catch(() => {});
    return joined;
  }

  #admitted({ value, connections }: JoinedBody): void {
    if (this.#closed) return;
    this.connections.enter(value.data.epoch);
    this.connections.accept(connections, value.version);
    this.#observer.load(value);
  }

  /** Goes on with the stay, or, if that is over, begins another. */
  async #goOn(ask: Ask, first: Request, isNew: boolean): Promise<void> {
    // Who waits to be admitted has no stay yet.
    if (this.#closed || !(isNew || this.#observer.isLoaded)) {
      await ask(first)[0];
      return;
    }
    const [known, reopened] = ask(first, this.messages.reopen());
    const over = (error: unknown) => {
      // Only another socket tells a new stay's messages from those of the old.
      if (!isNew || !isRefusal(error, Code.notFound)) throw error;
    };
    const [, answer] = await Promise.all([known, reopened.catch(over)]);
    if (!this.#observer.isLoaded) {
      // A join that is on its way is asked again. Who waited waits no longer, now that his socket is gone: as if he were admitted, he asks.
      if (!answer) this.#admission.admit();
    } else if (answer && !this.#isRejoining) {
      this.#resume(bodyOf(ResumedBody, answer));
    } else {
      // The answer to an earlier attempt was lost, and what it offered is of no use without.
      if (answer) await ask(this.messages.leave())[0];
      await this.#rejoin(ask);
    }
  }

  #resume({ value, messages }: ResumedBody): void {
    if (this.#closed) return;
    this.#observer.load(value);
    for (const message of messages) this.emit('message', message);
  }

  /** Another stay, by the same name and with the same things. */
  async #rejoin(ask: Ask): Promise<void> {
    const { codec, lastN } = this.room.data.options;
    const receive = Math.min(lastN, Math.max(this.#poolSize, this.connections.receivers));
    // The media server has let go of these, and whoever still offers more of them offers them to a stay that is over.
    this.connections.clear();
    this.#hyperty.bus.withdraw(({ body }) => 'connections' in body || 'subscriptions' in body);
    this.#observer.restart();
    this.#isRejoining = true;
    this.#admission = this.#newAdmission((connections) => {
      const { initial } = this.subscriptions;
      return ask(this.messages.join(this.#request, this.belongings(), connections, initial))[0];
    });
    try {
      await this.#enter(codec, receive);
    } catch (error) {
      const { code, message } =
        error instanceof HyperroomError ? error : ({ code: 'server-error', message: `${error}` } as const);
      if (!isPassing(error)) this.#close(REASONS[code] ?? 'connection-lost', message);
      throw error;
    }
  }

  get #isLive(): boolean {
    return this.room.data.participants[this.id]?.status === 'live';
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
    // If the server has taken it for gone, it hears that it is not; if it was removed, it is told so.
    if (!this.#isLive && this.isUp) this.check();
    if (!data.participants[this.id]) return;
    if (this.#isRejoining) {
      this.#isRejoining = false;
      this.emit('rejoined');
    }
    this.connections.prune(
      version,
      (peer, publication) => data.participants[idOf(peer)]?.publications[publication] !== undefined,
    );
    this.repairs.look();
    this.emit('changed');
    if (!this.#closed) this.#pool.topUp();
  }

  async #trickle(candidates: TrickledCandidates): Promise<void> {
    // Without these candidates the connection is no worse off than before.
    await this.request(this.messages.trickle(candidates)).catch(() => {});
  }

  #unreadable(error: unknown): void {
    if (isRefusal(error, Code.forbidden) || isRefusal(error, Code.notFound)) this.check();
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
    this.repairs.stop();
    this.subscriptions.close();
    this.#observer.close();
  }

  #disconnect(): void {
    this.connections.close();
    this.#hyperty.disconnect();
  }
}

const isRoomData = (data: object): data is RoomObject['data'] => v.is(RoomData, data);
