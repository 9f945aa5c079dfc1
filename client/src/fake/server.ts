import { sessionOf } from '@hyperroom/functions/src/messaging-node/session.ts';
import { domainAddresses } from '@hyperroom/protocol';
import type { Hyperroom, HyperroomOptions } from '../hyperroom.ts';
import type { Source } from '../types.ts';
import { Access } from './access.ts';
import { EndingClient } from './client.ts';
import { Conference } from './conference.ts';
import { furnish, newTrack, setBlocked, setSeen } from './environment.ts';
import { Faults } from './faults.ts';
import { Flight } from './flight.ts';
import { MessagingNode } from './messaging-node.ts';
import { PlayedParticipant } from './participant.ts';
import { type Air, type FakePeerConnection, peerConnectionsIn, type Subject } from './peer-connection.ts';
import { type Caller, type Line, socketsTo } from './socket.ts';
import { contextFrom, fakeToken } from './tokens.ts';
import type {
  FakeJoinOptions,
  FakeParticipant,
  FakeQuality,
  FakeTokenOptions,
  Refusable,
  RefusalCode,
  Whom,
} from './types.ts';

const DOMAIN = 'hyperroom.test';
/** How loud somebody speaks who is not said to be loud or quiet. */
const SPOKEN = 0.5;

/**
 * A Hyperroom server in the memory of a test, by the same rules as the real one, and whatever of WebRTC the environment lacks: no network, no
 * browser. Clients are the real SDK. What they do arrives as soon as the test waits for anything; `settled()` waits for all of it.
 */
export class FakeServer implements AsyncDisposable {
  /** What clients of one's own need, which are one's own to end: `new Hyperroom(server.options)`. */
  readonly options: Readonly<HyperroomOptions> & Required<Pick<HyperroomOptions, 'WebSocket' | 'RTCPeerConnection'>>;
  readonly #flight = new Flight();
  readonly #addresses = domainAddresses(DOMAIN);
  readonly #faults = new Faults(this.#addresses);
  readonly #peers = new Map<string, FakePeerConnection>();
  readonly #levels = new Map<string, number>();
  readonly #qualities = new Map<string, FakeQuality>();
  readonly #clients = new Set<EndingClient>();
  readonly #access = new Access();
  readonly #accesses = new Set([this.#access]);
  readonly #conference: Conference;
  readonly #node: MessagingNode;
  readonly #RTCPeerConnection = peerConnectionsIn(this.#air());
  readonly #unfurnish = furnish();
  #connections = 0;

  constructor() {
    this.#conference = new Conference({
      addresses: this.#addresses,
      post: (connectionId, messages) => this.#node.post(connectionId, messages),
      findPeer: (name) => this.#peers.get(name),
    });
    this.#node = new MessagingNode({
      addresses: this.#addresses,
      conference: this.#conference,
      tamper: (message) => this.#faults.strikes(message),
    });
    this.options = this.#optionsBy(this.#access);
  }

  /** A client, for the application under test. */
  client(options: Partial<HyperroomOptions> = {}): Hyperroom {
    return this.#client({ ...this.options, ...options });
  }

  /** Has somebody else join; the room is created if there is none, unless `create` is undefined. Rejects as `Hyperroom.join` does. */
  async join(
    roomId: string,
    { publishes = ['microphone', 'camera'], ...options }: FakeJoinOptions,
  ): Promise<FakeParticipant> {
    const main = publishes.filter((source) => source !== 'screen');
    const stream = main.length > 0 ? { stream: this.stream(...main) } : {};
    const access = new Access();
    this.#accesses.add(access);
    const room = await this.#client(this.#optionsBy(access)).join(roomId, { create: true, ...stream, ...options });
    if (publishes.includes('screen')) await room.localParticipant.publish(this.stream('screen'), { as: 'screen' });
    await this.settled();
    return new PlayedParticipant(room, access);
  }

  /** What a microphone, a camera or a screen gives: to join with, or to publish. */
  stream(...sources: readonly Source[]): MediaStream {
    const names = sources.length > 0 ? sources : (['microphone', 'camera'] as const);
    return new MediaStream(names.map((source) => newTrack(source === 'microphone' ? 'audio' : 'video', source)));
  }

  /** A token for `client({ token })`: without one everybody is anonymous, and may do all but moderate others' rooms. */
  token(options: FakeTokenOptions): string {
    return fakeToken(DOMAIN, options);
  }

  /** Resolves when nothing is on its way any more. Needs no fake timers to be advanced, and advances none. */
  settled(): Promise<void> {
    return this.#flight.landed();
  }

  /** Refuses the next request of a kind, whoever makes it. `timeout`: it is not answered, and fails after 15 seconds. */
  refuseNext(code: RefusalCode, of: Refusable = 'join'): void {
    this.#faults.refuseNext(code, of);
  }

  /** All sockets are lost. Clients are back at once, or as soon as `goOnline` lets them. */
  dropSockets(): void {
    for (const access of this.#accesses) access.drop();
  }

  /** Loses all sockets and takes no others. */
  goOffline(): void {
    this.#setOnline(false);
    this.dropSockets();
  }

  /** Ends `goOffline`. */
  goOnline(): void {
    this.#setOnline(true);
  }

  /** There is no media server any more: `room.media` becomes `waiting`, and joins wait for one. */
  stopMedia(): void {
    this.#conference.setMedia(false);
  }

  /** Ends `stopMedia`. */
  startMedia(): void {
    this.#conference.setMedia(true);
  }

  /** From now on a participant is that loud, 0 to 1. The SDK measures it five times a second. */
  speak(who: Whom, level = SPOKEN): void {
    this.#levels.set(idOf(who), level);
  }

  /** From now on the media of a participant pass like that, wherever they are sent or received. The SDK measures it every two seconds. */
  setQuality(who: Whom, quality: FakeQuality): void {
    this.#qualities.set(idOf(who), quality);
  }

  /** Nothing with sound plays until something is clicked in the document, or `allowPlayback` is called: `room.playback` becomes `blocked`. */
  blockPlayback(): void {
    setBlocked(true);
  }

  /** Ends `blockPlayback`. */
  allowPlayback(): void {
    setBlocked(false);
  }

  /** Whether an element can be seen that a publication is attached to. Elements are seen unless a test says otherwise. */
  setSeen(element: Element, isSeen: boolean): void {
    setSeen(element, isSeen);
  }

  /** Ends everything: all rooms that clients of this server are in are left, joins under way are aborted, sockets are closed, no timer is left, and the environment is as it was. */
  async close(): Promise<void> {
    this.#setOnline(true);
    await Promise.all([...this.#clients].map((client) => client.end()));
    this.#unfurnish();
    await this.settled();
    this.#conference.close();
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #client(options: HyperroomOptions): Hyperroom {
    const client = new EndingClient(options);
    this.#clients.add(client);
    return client;
  }

  #optionsBy(access: Access): FakeServer['options'] {
    return {
      url: `wss://${DOMAIN}/`,
      WebSocket: socketsTo((url, line) => this.#admit(url, line, access), this.#flight),
      RTCPeerConnection: this.#RTCPeerConnection,
    };
  }

  #setOnline(isOnline: boolean): void {
    for (const access of this.#accesses) access.isOnline = isOnline;
  }

  #admit(url: URL, line: Line, access: Access): Caller | undefined {
    const connectionId = `socket-${++this.#connections}`;
    const context = access.isOnline && contextFrom(url, DOMAIN, connectionId);
    if (!context) return undefined;
    // Two sockets of the same millisecond have an order, too.
    const session = sessionOf({ connectionId, connectedAt: Date.now() + this.#connections / 1_000 }, context);
    this.#node.connect(session, line);
    const forget = access.add(line);
    return {
      receive: (frame) => this.#node.receive(frame, session),
      left: () => {
        forget();
        this.#node.disconnect(session);
      },
    };
  }

  #air(): Air {
    return {
      flight: this.#flight,
      track: newTrack,
      levelOf: (subject) => (this.#isAudible(subject) ? (this.#levels.get(subject.participant) ?? 0) : 0),
      qualityOf: (participant) => this.#qualities.get(participant) ?? 'excellent',
      made: (name, peer) => this.#peers.set(name, peer),
      connected: (peer) => peer.subject && this.#conference.arrived(peer.subject),
      closed: (name) => this.#peers.delete(name),
    };
  }

  #isAudible({ participant, publication }: Subject): boolean {
    const member = this.#conference.rooms.flatMap(({ members }) => members[participant] ?? [])[0];
    const isMuted = member?.muted.includes('microphone') || member?.blocked.includes('microphone');
    return publication === 'main' && !isMuted;
  }
}

const idOf = (who: Whom) => (typeof who === 'string' ? who : who.id);
