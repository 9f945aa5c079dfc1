import {
  Code,
  type ConnectionsBody,
  type DataMessage,
  type DismissedBody,
  idOf,
  type Message,
  type ProbeBody,
  type PublicationName,
  type PushBody,
  type Room as RoomObject,
  response,
  type TrickledCandidates,
} from '@hyperroom/protocol';
import { abortable, within } from './async.ts';
import { Attendance } from './attendance.ts';
import { type CloseReason, reasonOf, reasonOfLoss, textOf } from './closing.ts';
import {
  type Belongings,
  type Changes,
  type ConferenceMessages,
  conferenceMessages,
  type JoinRequest,
} from './conference-messages.ts';
import { ConnectionController } from './connection-controller.ts';
import { Emitter } from './emitter.ts';
import { type Standing, standing } from './later.ts';
import { bodyOf, type Request } from './message-bus.ts';
import type { PeerConnections } from './peer-connections.ts';
import type { ReceivePool } from './receive-pool.ts';
import { FAREWELL_TIMEOUT, RegisteredHyperty, type SignallingServer } from './registered-hyperty.ts';
import { watchNetwork } from './repair/network.ts';
import type { Repairs } from './repair/repairs.ts';
import { RoomCopy } from './room-copy.ts';
import { SubscriptionChoices } from './subscriptions.ts';
import type { WaitingFor } from './types.ts';

/** What the registry says of a participant. */
const CONFERENCE = { descriptor: 'conference', resources: ['audio', 'video'], dataSchemes: ['connection'] };
export interface ConferenceOptions {
  server: SignallingServer;
  /** Offers to receive that go with the join. */
  pool: number;
  peers: PeerConnections;
}

interface ConferenceEvents {
  /** Before this participant is in somebody has to admit it, or a media server to start. */
  waiting: [what: WaitingFor];
  /** `isUp` changed. */
  link: [];
  /** The stay was over and another has begun, in a room that may be another by the same name. All connections are new. */
  rejoined: [];
  /** The room lists what nothing sends. */
  stray: [publication: PublicationName];
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
  readonly subscriptions: SubscriptionChoices;
  readonly messages: ConferenceMessages;
  /** What goes along with a join; whoever knows better from then on says so here. */
  belongings: () => Belongings;
  readonly #attendance: Attendance;
  readonly #hyperty: RegisteredHyperty;
  readonly #room: RoomCopy;
  /** From when on they are loaded. */
  #pool: ReceivePool | undefined;
  #repairs: Repairs | undefined;
  #networkChanged = 0;
  /** What worked until now may no longer, even if nothing shows it. */
  readonly #unwatch = watchNetwork(() => {
    this.#networkChanged = performance.now();
    this.#repairs?.look();
  });
  #closed = false;

  constructor(options: ConferenceOptions, request: JoinRequest, belongings: Belongings) {
    super();
    this.belongings = () => belongings;
    this.#hyperty = new RegisteredHyperty(options.server, CONFERENCE, {
      goOn: (ask, [first], isNew) => this.#attendance.goOn(ask, first, isNew),
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
        this.#repairs?.look();
      },
      onUnknown: (url, version) => this.#repairs?.miss(url, version),
    });
    this.subscriptions = new SubscriptionChoices(request.auto, (subscriptions) => this.update({ subscriptions }));
    this.on('link', () => this.#repairs?.look());
    this.#room = new RoomCopy(this.#hyperty, this.roomUrl);
    this.#attendance = new Attendance({
      hyperty: this.#hyperty,
      request,
      messages: this.messages,
      connections: this.connections,
      subscriptions: this.subscriptions,
      room: this.#room,
      belongings: () => this.belongings(),
      pool: Math.min(options.pool, request.create?.lastN ?? options.pool),
      isOver: () => this.#closed,
      onWaiting: (what) => !this.#closed && this.emit('waiting', what),
      onLater: (offers) => this.#pool?.offer(async () => offers),
      onRejoined: () => this.emit('rejoined'),
      onMessage: (message) => this.emit('message', message),
      onRefused: (error) => this.#close(reasonOf(error), textOf(error)),
    });
    this.#listen();
  }

  /** The room as far as this participant knows, once it is joined. */
  get room(): RoomObject {
    return this.#room.object;
  }

  /** What keeps its connections going, once the room is joined. */
  get repairs(): Repairs {
    if (!this.#repairs) throw new Error(`${this.roomUrl} has yet to be joined`);
    return this.#repairs;
  }

  /** Whether it can be reached, and reach the conference, at the moment. What it asks meanwhile waits. */
  get isUp(): boolean {
    return this.#hyperty.bus.isUp;
  }

  /** Joins; an aborted or refused join leaves nothing behind. */
  async join(signal: AbortSignal | undefined): Promise<void> {
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    const entered = this.#attendance.join(standing().then((parts) => this.#stand(parts)));
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
    const answer = await this.request(this.messages.update(changes));
    const body = bodyOf(answer, ({ connections }: ConnectionsBody) => connections);
    this.#bound(body);
    return body;
  }

  /** Makes sure of the socket, where something else has failed that may have failed with it. */
  check(): void {
    this.#hyperty.check();
  }

  /** What it takes to remain in a room is there. */
  #stand({ Repairs, ReceivePool }: Standing): void {
    if (this.#closed) return;
    const { id: self, connections, subscriptions } = this;
    this.#pool = new ReceivePool({
      self,
      connections,
      subscriptions,
      room: () => this.room.data,
      offer: (connections) => this.update({ connections }),
    });
    this.#repairs = new Repairs({
      self,
      connections,
      room: () => (this.#room.isLoaded ? this.room : undefined),
      isUp: () => this.isUp,
      networkChanged: () => this.#networkChanged,
      update: (changes) => this.update(changes),
      onEpoch: () => {
        subscriptions.renew();
        this.#pool?.renew();
      },
      onStray: (publication) => this.emit('stray', publication),
      onForbidden: (publication) => this.emit('forbidden', publication),
      onGone: () => this.#changed(),
    });
  }

  #listen(): void {
    const { bus, url, addresses } = this.#hyperty;
    const unasked = { from: addresses.conference, to: url };
    bus.route({ type: 'update', ...unasked }, (body: PushBody) => this.#pushed(body));
    bus.route({ type: 'delete', ...unasked }, (body: DismissedBody) => this.#dismissed(body));
    this.#room.on('updated', () => this.#changed());
    this.#room.on('denied', () => this.check());
    this.#room.on('deleted', () => this.#close('ended'));
    this.#room.on('message', (message) => this.emit('message', message));
    bus.route({ type: 'read', to: url }, ({ resource, attribute }: ProbeBody, probe) => {
      if (resource === this.roomUrl && attribute === 'status') bus.post(response(probe, Code.ok, { value: 'live' }));
    });
    this.#hyperty.on('reconnecting', () => this.emit('link'));
    this.#hyperty.on('reconnected', () => this.#room.isLoaded && this.emit('link'));
    this.#hyperty.on('closed', (reason, error) => {
      if (reason === 'connection-lost') this.#close(reasonOfLoss(error), textOf(error));
    });
  }

  get #isLive(): boolean {
    return this.room.data.participants[this.id]?.status === 'live';
  }

  #pushed(body: PushBody): void {
    if (body.resource !== this.roomUrl || this.#closed) return;
    if ('admitted' in body) this.#attendance.admit();
    else this.#bound(body);
  }

  #bound(body: ConnectionsBody): void {
    if (body.resource !== this.roomUrl) return;
    this.connections.accept(body, body.version);
    this.#changed();
  }

  #dismissed(body: DismissedBody): void {
    if (body.resource !== this.roomUrl || this.#closed) return;
    this.#attendance.dismiss(body);
    // Who is in already was not refused.
    if (this.#room.isLoaded) this.#close(body.reason === 'refused' ? 'removed' : body.reason, body.description);
  }

  /** Brings the connections in line with the room, and tells of it. */
  #changed(): void {
    if (this.#closed || !this.#room.isLoaded) return;
    const { version, data } = this.room;
    // If the server has taken it for gone, it hears that it is not; if it was removed, it is told so.
    if (!this.#isLive && this.isUp) this.check();
    if (!data.participants[this.id]) return;
    this.connections.prune(
      version,
      (peer, publication) => data.participants[idOf(peer)]?.publications[publication] !== undefined,
    );
    this.#repairs?.look();
    this.emit('changed');
    if (!this.#closed) this.#pool?.topUp();
  }

  async #trickle(candidates: TrickledCandidates): Promise<void> {
    // Without these candidates the connection is no worse off than before.
    await this.request(this.messages.trickle(candidates)).catch(() => {});
  }

  /**
   * Takes leave of the server, then closes the connections: in the other order the media server would first
   * report a failure to everyone.
   */
  async #depart(): Promise<void> {
    this.#stop();
    // A leave that overtook its join would leave a participant behind.
    const isCounted = await within(FAREWELL_TIMEOUT, this.#attendance.isCounted);
    if (isCounted !== false) await within(FAREWELL_TIMEOUT, this.#hyperty.takeLeave(this.messages.leave()));
    this.#disconnect();
  }

  readonly #onPageHide = () => {
    if (this.#attendance.hasAsked) this.#hyperty.takeLeave(this.messages.leave());
    this.#close('left');
  };

  #close(reason: CloseReason, description?: string): void {
    if (this.#closed) return;
    this.#stop();
    this.#disconnect();
    this.#attendance.close();
    this.emit('closed', reason, description);
  }

  /** From here on nothing that happens in the room matters. */
  #stop(): void {
    this.#closed = true;
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#unwatch();
    this.#pool?.stop();
    this.#repairs?.stop();
    this.subscriptions.close();
    this.#room.close();
  }

  #disconnect(): void {
    this.connections.close();
    this.#hyperty.disconnect();
  }
}
