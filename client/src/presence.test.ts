import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePeerConnection } from './testing/fake-media.ts';
import { ADDRESSES, dismissal, participant, ROOM, roomUpdate } from './testing/fake-room.ts';
import { joinRoom, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const bob = ADDRESSES.hyperty('bob');
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;

describe('what the room says', () => {
  test('of participants is told as it changes', async () => {
    const { room, socket, events } = await joinRoom({ bob: participant('bob') });
    const them = room.participants.get('bob');
    socket.deliver(roomUpdate(6, 'participants.bob.role', 'moderator'));
    socket.deliver(roomUpdate(7, 'participants.bob.metadata', { hand: 'up' }));
    socket.deliver(roomUpdate(8, 'participants.bob.muted', ['camera']));
    socket.deliver(roomUpdate(9, 'participants.bob.blocked', ['microphone']));
    expect(them).toMatchObject({ role: 'moderator', metadata: { hand: 'up' } });
    expect([them?.isMuted('camera'), them?.isBlocked('camera')]).toEqual([true, false]);
    expect([them?.isMuted('microphone'), them?.isBlocked('microphone')]).toEqual([true, true]);
    socket.deliver(roomUpdate(10, 'participants.bob', participant('bob')));
    expect(events.filter((event) => event !== 'participantUpdated bob')).toEqual([
      'roleChanged bob',
      'metadataChanged bob',
      'muted bob camera self',
      'muted bob microphone moderator',
      'unmuted bob microphone moderator',
      'unmuted bob camera self',
      'metadataChanged bob',
      'roleChanged bob',
    ]);
  });

  test('of itself and of who waits is told as it changes', async () => {
    const { room, socket, events } = await joinRoom({}, undefined, {}, { metadata: { title: 'Standup' } });
    expect(room).toMatchObject({ url: ROOM, metadata: { title: 'Standup' }, options: { lastN: 7, locked: false } });
    const since = '2026-01-01T00:00:00Z';
    const identity = { name: 'Bob', user: 'user://example.org/bob' };
    socket.deliver(roomUpdate(6, 'options', { ...room.options, locked: true }));
    socket.deliver(roomUpdate(7, 'metadata', { title: 'Over' }));
    socket.deliver(roomUpdate(8, 'speakers', ['bob']));
    socket.deliver(roomUpdate(9, 'waiting.bob', { hypertyURL: bob, identity, since }));
    expect([...room.waiting]).toEqual([['bob', { id: 'bob', hypertyUrl: bob, ...identity, since: new Date(since) }]]);
    expect(room).toMatchObject({ metadata: { title: 'Over' }, options: { locked: true } });
    socket.deliver(roomUpdate(10, 'waiting.bob'));
    expect(room.waiting.size).toBe(0);
    expect(events).toEqual(['roomChanged', 'roomChanged', 'waitingChanged', 'waitingChanged']);
  });

  test.each([
    ['removed', 'noise', 'closed removed noise'],
    ['replaced', undefined, 'closed replaced'],
    ['ended', undefined, 'closed ended'],
  ])('at last: %s', async (reason, description, closed) => {
    const { room, socket, self, events } = await joinRoom({ bob: participant('bob', { publications: {} }) });
    socket.deliver({ ...dismissal(self.id, reason), from: bob });
    expect(room.state).toBe('connected');
    socket.deliver(dismissal(self.id, reason, description));
    expect(events).toEqual(['participantLeft bob', 'stateChanged closed', closed]);
    expect(socket.readyState).toBe(3);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('nothing more after a listener has left', async () => {
    const { room, socket, events } = await joinRoom({ bob: participant('bob', { publications: {} }) });
    room.on('participantUpdated', () => room.leave());
    const changed = { publications: {}, role: 'moderator', metadata: { hand: 'up' } } as const;
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob', changed)));
    expect(events).toEqual(['participantUpdated bob', 'participantLeft bob', 'stateChanged closed', 'closed left']);
  });

  test('by its deletion, if nothing else says that it has ended', async () => {
    const { socket, events } = await joinRoom();
    socket.deliver({ id: 1, type: 'delete', from: `${ROOM}/subscription`, to: `${ROOM}/changes`, body: {} });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events.at(-1)).toBe('closed ended');
  });
});
