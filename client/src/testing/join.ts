import type { ConnectionAnswer, Participant, Room as RoomObject } from '@hyperroom/protocol';
import { vi } from 'vitest';
import { Hyperroom, type JoinOptions } from '../hyperroom.ts';
import type { Room, RoomEvents } from '../room.ts';
import { FakeMediaStream, FakePeerConnection } from './fake-media.ts';
import { admit, type Joining, participant, roomObject } from './fake-room.ts';
import { FakeSocket } from './fake-socket.ts';

/** Puts the browser's WebRTC and page events in place; call from `beforeEach`, and `vi.unstubAllGlobals()` after. */
export function stubBrowser(): EventTarget {
  const page = new EventTarget();
  FakePeerConnection.made = [];
  vi.stubGlobal('MediaStream', FakeMediaStream);
  vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => ({ codecs: [] }) });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  return page;
}

/** Lets every promise that can settle do so (fake timers are in use). */
export const settle = () => vi.advanceTimersByTimeAsync(0);

/** A join under way: its socket is made, and waits to be opened. */
export async function startJoin(options: Partial<JoinOptions> = {}, pool = 3) {
  const hyperroom = new Hyperroom({
    url: 'ws://example.org/dev',
    token: 'a token',
    pool,
    WebSocket: FakeSocket.asWebSocket,
    RTCPeerConnection: FakePeerConnection.asRTCPeerConnection,
  });
  const joined = hyperroom.join('standup', { name: 'Ada', create: true, ...options });
  joined.catch(() => {});
  await settle();
  return { joined, socket: FakeSocket.last };
}

/** A join that has reached the server. */
export async function askedToJoin(options: Partial<JoinOptions> = {}, pool = 3) {
  const join = await startJoin(options, pool);
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
): Promise<Joined> {
  const { joined, socket } = await askedToJoin(options);
  const self = admit(socket, (self) => roomWith(self, others), answers);
  const room = await joined;
  const events = record(room);
  await settle();
  return { room, socket, self, events };
}

export const roomWith = (self: Joining, others: Record<string, Participant>, version = 5): RoomObject =>
  roomObject(version, { ...others, [self.id]: participant(self.id) });

function record(room: Room): string[] {
  const events: string[] = [];
  const note = (name: string, about: string) => events.push(`${name} ${about}`);
  for (const name of ['participantJoined', 'participantLeft', 'participantUpdated'] as const) {
    room.on(name, (who) => note(name, who.id === room.localParticipant.id ? 'self' : who.id));
  }
  for (const name of ['trackAdded', 'trackRemoved'] as const) {
    room.on(name, (track, who) => note(name, `${who.id} ${track.kind}`));
  }
  for (const name of ['stateChanged', 'closed'] as const) {
    room.on(name, (value: RoomEvents['stateChanged'][0] | RoomEvents['closed'][0]) => note(name, value));
  }
  return events;
}
