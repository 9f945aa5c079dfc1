import type { ConnectionAnswer, Participant, Room as RoomObject } from '@hyperroom/protocol';
import { afterEach, beforeEach, vi } from 'vitest';
import { Hyperroom, type JoinOptions } from '../hyperroom.ts';
import { standing } from '../later.ts';
import type { Room } from '../room.ts';
import { FakeMediaStream, FakePeerConnection, FakeRTCRtpReceiver } from './fake-media.ts';
import {
  ADDRESSES,
  admit,
  type Joining,
  participant,
  publication,
  type RoomChanges,
  respond,
  roomObject,
} from './fake-room.ts';
import { FakeSocket } from './fake-socket.ts';

// Clocks that stand still would not let it load.
await standing();

/** Puts the browser's WebRTC and page events in place; call from `beforeEach`, and `vi.unstubAllGlobals()` after. */
export function stubBrowser(): EventTarget {
  const page = new EventTarget();
  FakePeerConnection.made = [];
  vi.stubGlobal('MediaStream', FakeMediaStream);
  vi.stubGlobal('RTCRtpReceiver', FakeRTCRtpReceiver);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  return page;
}

/** A browser for each test of a file, with a clock that the test moves and a chance that is always the same; gives its page's events. */
export function fakeBrowser(chance = 0.5): () => EventTarget {
  let page = new EventTarget();
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    page = stubBrowser();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return () => page;
}

/** Lets every promise that can settle do so (fake timers are in use). */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** Longer than tests last. */
const HOURS = 100 * 60_000;

/** A join under way: its socket is made, and waits to be opened. */
export async function startJoin(options: Partial<JoinOptions> = {}, pool = 3, socketLifetime = HOURS) {
  const hyperroom = new Hyperroom({
    url: 'ws://example.org/dev',
    token: 'a token',
    pool,
    socketLifetime,
    WebSocket: FakeSocket.asWebSocket,
    RTCPeerConnection: FakePeerConnection.asRTCPeerConnection,
  });
  const joined = hyperroom.join('standup', { name: 'Ada', create: true, ...options });
  joined.catch(() => {});
  await settle();
  return { joined, socket: FakeSocket.last };
}

/** A join that has reached the server. */
export async function askedToJoin(options: Partial<JoinOptions> = {}, pool = 3, socketLifetime = HOURS) {
  const join = await startJoin(options, pool, socketLifetime);
  join.socket.open();
  await settle();
  return join;
}

export interface Joined {
  room: Room;
  socket: FakeSocket;
  self: Joining;
  /** Every event of the room since the join, by name and the participant or value it is about. */
  events: string[];
}

/** A participant in a room at version 5, with those who were there before. */
export async function joinRoom(
  others: Record<string, Participant> = {},
  answers: (self: Joining) => ConnectionAnswer[] = () => [],
  options: Partial<JoinOptions> = {},
  changes: RoomChanges = {},
  socketLifetime = HOURS,
): Promise<Joined> {
  const { joined, socket } = await askedToJoin(options, 3, socketLifetime);
  const self = admit(socket, (self) => roomWith(self, others, 5, changes), answers);
  const room = await joined;
  const events = record(room);
  await settle();
  return { room, socket, self, events };
}

/** A room with the joiner and others in it. */
export function roomWith(
  self: Joining,
  others: Record<string, Participant>,
  version = 5,
  changes: RoomChanges = {},
): RoomObject {
  return roomObject(version, { ...others, [self.id]: selfOf(self) }, changes);
}

/** The joiner, as the room has it. */
export const selfOf = ({ id, publish }: Joining, changes: Partial<Participant> = {}): Participant =>
  participant(id, {
    publications: publish === undefined ? {} : { main: publication(id, { connection: publish }) },
    ...changes,
  });

/** Answers the newest `update` of the participant; `connections` as the media server would. */
export async function answerUpdate(
  socket: FakeSocket,
  body: { code: number } & Record<string, unknown> = { code: 200 },
  connections: ConnectionAnswer[] = [],
): Promise<void> {
  const request = socket.sent('update', ADDRESSES.conference);
  socket.deliver(respond(request, { resource: request.body?.resource, version: 5, connections, ...body }));
  await settle();
}

/** The bodies of the updates that a participant has sent, without the room's address. */
export const updatesOf = (socket: FakeSocket): Record<string, unknown>[] =>
  socket.messages
    .filter(({ type, to }) => type === 'update' && to === ADDRESSES.conference)
    .map(({ body: { resource: _, ...changes } = {} }) => changes);

function record(room: Room): string[] {
  const events: string[] = [];
  const note = (...words: unknown[]) => void events.push(words.filter((word) => word !== undefined).join(' '));
  const nameOf = ({ id }: { id: string }) => (id === room.localParticipant.id ? 'self' : id);
  for (const name of ['participantJoined', 'participantLeft', 'participantUpdated'] as const) {
    room.on(name, (who) => note(name, nameOf(who)));
  }
  for (const name of ['metadataChanged', 'roleChanged'] as const) room.on(name, (who) => note(name, nameOf(who)));
  for (const name of ['publicationAdded', 'publicationRemoved'] as const) {
    room.on(name, (publication, who) => note(name, nameOf(who), publication.name));
  }
  for (const name of ['trackAdded', 'trackRemoved'] as const) {
    room.on(name, (track, who, publication) => note(name, nameOf(who), publication.name, track.kind));
  }
  for (const name of ['muted', 'unmuted'] as const) {
    room.on(name, (source, who, { by }) => note(name, nameOf(who), source, by));
  }
  for (const name of ['roomChanged', 'waitingChanged'] as const) room.on(name, () => note(name));
  room.on('activeSpeakersChanged', (speakers) => note('activeSpeakersChanged', ...speakers.map(nameOf)));
  room.on('connectionQualityChanged', (quality, who) => note('connectionQualityChanged', nameOf(who), quality));
  room.on('chatMessage', ({ text, name }) => note('chatMessage', name, text));
  room.on('stateChanged', (state) => note('stateChanged', state));
  room.on('closed', (...why) => note('closed', ...why));
  return events;
}
