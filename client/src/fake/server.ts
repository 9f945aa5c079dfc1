import { sessionOf } from '@hyperroom/functions/src/messaging-node/session.ts';
import { domainAddresses } from '@hyperroom/protocol';
import { Hyperroom, type HyperroomOptions, type JoinOptions } from '../hyperroom.ts';
import type { Room } from '../room.ts';
import type { Source } from '../types.ts';
import { Conference } from './conference.ts';
import { furnish, newTrack, setBlocked, setSeen } from './environment.ts';
import { Faults, type Refusable, type RefusalCode } from './faults.ts';
import { Flight } from './flight.ts';
import { MessagingNode } from './messaging-node.ts';
import {
  type Air,
  type FakePeerConnection,
  type FakeQuality,
  peerConnectionsIn,
  type Subject,
} from './peer-connection.ts';
import { type Admit, socketsTo } from './socket.ts';
import { contextFrom, type FakeTokenOptions, fakeToken } from './tokens.ts';

const DOMAIN = 'hyperroom.test';
/** How loud somebody speaks who is not said to be loud or quiet. */
const SPOKEN = 0.5;

/** Somebody, by participant or by id. */
export type Whom = string | { readonly id: string };

export interface FakeJoinOptions extends Omit<JoinOptions, 'stream'> {
  /** What it publishes. Default: microphone and camera. */
  publishes?: readonly Source[];
}

/** Somebody else in the room, whom a test plays. */
export interface FakeParticipant {
  readonly id: string;
  /** The room as this participant has it: a real one, to chat, mute or leave in. */
  readonly room: Room;
}

/**
 * A Hyperroom server in the memory of a test, by the same rules as the real one, and whatever of WebRTC the environment lacks: no network, no
 * browser. Clients are the real SDK. What they do arrives as soon as the test waits for anything; `settled()` waits for all of it.
 */
export class FakeServer implements AsyncDisposable {
  /** What clients of one's own need: `new Hyperroom(server.options)`. */
  readonly options: Readonly<HyperroomOptions> & Required<Pick<HyperroomOptions, 'WebSocket' | 'RTCPeerConnection'>>;
  readonly #flight = new Flight();
  readonly #addresses = domainAddresses(DOMAIN);
  readonly #faults = new Faults(this.#addresses);
  readonly #peers = new Map<string, FakePeerConnection>();
  readonly #levels = new Map<string, number>();
  readonly #qualities = new Map<string, FakeQuality>();
  readonly #joined = new Set<Room>();
  readonly #conference: Conference;
  readonly #node: MessagingNode;
  readonly #unfurnish = furnish();
  #isOnline = true;
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
    this.options = {
      url: `wss://${DOMAIN}/`,
      WebSocket: socketsTo(this.#admit, this.#flight),
      RTCPeerConnection: peerConnectionsIn(this.#air()),
    };
  }

  /** A client, for the application under test. */
  client(options: Partial<HyperroomOptions> = {}): Hyperroom {
    return new Hyperroom({ ...this.options, ...options });
  }

  /** Has somebody else join; the room is created if there is none, unless `create` is undefined. Rejects as `Hyperroom.join` does. */
  async join(
    roomId: string,
    { publishes = ['microphone', 'camera'], ...options }: FakeJoinOptions,
  ): Promise<FakeParticipant> {
    const main = publishes.filter((source) => source !== 'screen');
    const stream = main.length > 0 ? { stream: this.stream(...main) } : {};
    const room = await this.client().join(roomId, { create: true, ...stream, ...options });
    this.#joined.add(room);
    if (publishes.includes('screen')) await room.localParticipant.publish(this.stream('screen'), { as: 'screen' });
    await this.settled();
    return { id: room.localParticipant.id, room };
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
    for (const line of this.#node.lines) line.drop();
  }

  /** Loses all sockets and takes no others. */
  goOffline(): void {
    this.#isOnline = false;
    this.dropSockets();
  }

  goOnline(): void {
    this.#isOnline = true;
  }

  /** There is no media server any more: `room.media` becomes `waiting`, and joins wait for one. */
  stopMedia(): void {
    this.#conference.setMedia(false);
  }

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

  allowPlayback(): void {
    setBlocked(false);
  }

  /** Whether an element can be seen that a publication is attached to. Elements are seen unless a test says otherwise. */
  setSeen(element: Element, isSeen: boolean): void {
    setSeen(element, isSeen);
  }

  /** Ends everything: participants of `join` leave, sockets are closed, no timer is left, and the environment is as it was. */
  async close(): Promise<void> {
    await Promise.all([...this.#joined].map((room) => room.leave()));
    this.#isOnline = true;
    this.#unfurnish();
    await this.settled();
    this.#conference.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #admit: Admit = (url, line) => {
    const connectionId = `socket-${++this.#connections}`;
    const context = this.#isOnline && contextFrom(url, DOMAIN, connectionId);
    if (!context) return undefined;
    // Two sockets of the same millisecond have an order, too.
    const session = sessionOf({ connectionId, connectedAt: Date.now() + this.#connections / 1_000 }, context);
    this.#node.connect(session, line);
    return {
      receive: (frame) => this.#node.receive(frame, session),
      left: () => this.#node.disconnect(session),
    };
  };

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
