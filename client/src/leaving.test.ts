import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePeerConnection, fakeStream } from './testing/fake-media.ts';
import { ADDRESSES, admit, participant, ROOM, respond } from './testing/fake-room.ts';
import type { FakeSocket } from './testing/fake-socket.ts';
import { askedToJoin, joinRoom, roomWith, settle, stubBrowser } from './testing/join.ts';

let page: EventTarget;
beforeEach(() => {
  vi.useFakeTimers();
  page = stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const leaves = (socket: FakeSocket) => socket.messages.filter(({ type }) => type === 'delete').length;
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;

describe('leaving', () => {
  test('is one frame: leave and unregister; then the socket closes', async () => {
    const { room, socket, self, events } = await joinRoom({ bob: participant('bob') }, undefined, {
      stream: fakeStream(),
    });
    const left = room.leave();
    await settle();
    const [leave, unregister] = JSON.parse(socket.frames.at(-1) ?? '');
    expect(leave).toMatchObject({ type: 'delete', to: ADDRESSES.conference, body: { resource: ROOM } });
    expect(unregister).toMatchObject({
      type: 'update',
      to: ADDRESSES.registry,
      body: { resource: ADDRESSES.hyperty(self.id), value: 'disconnected', attribute: 'status' },
    });
    expect(socket.readyState).toBe(1);
    expect(openConnections()).toBe(4);
    socket.deliver([respond(leave), respond(unregister)]);
    await left;
    expect(socket.readyState).toBe(3);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(events).toEqual([
      'publicationRemoved self main',
      'publicationRemoved bob main',
      'participantLeft bob',
      'stateChanged closed',
      'closed left',
    ]);
    expect(room.participants.size).toBe(0);
  });

  test('takes no longer than two seconds, and happens once', async () => {
    const { room, socket } = await joinRoom();
    const done = vi.fn();
    room.leave().then(done);
    room.leave();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalled();
    expect(leaves(socket)).toBe(1);
  });

  test('right after the join shows nobody any more', async () => {
    const { joined, socket } = await askedToJoin();
    admit(socket, (self) => roomWith(self, { bob: participant('bob') }));
    const room = await joined;
    const joinedBy = vi.fn();
    room.on('participantJoined', joinedBy);
    room.leave();
    await settle();
    expect(room.participants.size).toBe(0);
    expect(joinedBy).not.toHaveBeenCalled();
  });

  test('`await using` leaves at the end of its block', async () => {
    const { room, socket } = await joinRoom();
    const used = (async () => {
      await using _room = room;
    })();
    await settle();
    socket.deliver(socket.messages.slice(-2).map((request) => respond(request)));
    await used;
    expect(leaves(socket)).toBe(1);
    expect(room.state).toBe('closed');
  });

  test('a page that goes away leaves before its handler returns', async () => {
    const { socket, room } = await joinRoom();
    page.dispatchEvent(new Event('pagehide'));
    expect(leaves(socket)).toBe(1);
    expect(socket.readyState).toBe(3);
    expect(room.state).toBe('closed');
    await settle();
    expect(vi.getTimerCount()).toBe(0);
  });
});
