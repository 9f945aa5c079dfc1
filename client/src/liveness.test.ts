import type { Message } from '@hyperroom/protocol';
import { describe, expect, test, vi } from 'vitest';
import { LINGER } from './link/link.ts';
import { KEEP_ALIVE } from './link/vigil.ts';
import { FakePeerConnection } from './testing/fake-media.ts';
import { ADDRESSES, dataPush, participant, respond, roomUpdate } from './testing/fake-room.ts';
import { FakeSocket } from './testing/fake-socket.ts';
import { answerUpdate, fakeBrowser, joinRoom, roomWith, settle } from './testing/join.ts';
import { answerReturn, goOn, NOT_HERE, openLast, resumed } from './testing/return.ts';

const page = fakeBrowser();

const bob = { bob: participant('bob') };
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;
const lastFrame = (socket: FakeSocket): Message[] => [JSON.parse(socket.frames.at(-1) ?? '[]')].flat();

describe('a check', () => {
  test('keeps the registration alive, and takes what was missed of the room, every two minutes', async () => {
    const { room, socket, self } = await joinRoom(bob);
    await vi.advanceTimersByTimeAsync(KEEP_ALIVE);
    const [keepAlive, reopen] = lastFrame(socket) as [Message, Message];
    expect(keepAlive).toMatchObject({
      type: 'update',
      to: ADDRESSES.registry,
      body: { resource: ADDRESSES.hyperty(self.id) },
    });
    expect(reopen).toMatchObject({ type: 're-open', to: ADDRESSES.conference });
    socket.deliver([respond(keepAlive), respond(reopen, resumed(roomWith(self, {}, 9)))]);
    await settle();
    expect(room.participants.size).toBe(0);
    expect(FakeSocket.last).toBe(socket);
  });

  test.each(['online', 'offline'])('is made when the network changes: %s', async (name) => {
    const { socket } = await joinRoom();
    page().dispatchEvent(new Event(name));
    page().dispatchEvent(new Event(name));
    await settle();
    expect(socket.messages.filter(({ type }) => type === 're-open')).toHaveLength(1);
  });

  test('that is not answered in five seconds has another socket opened, before the old one is closed', async () => {
    const { room, socket, self, events } = await joinRoom(bob);
    page().dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(room.state).toBe('connected');
    await vi.advanceTimersByTimeAsync(1);
    expect(room.state).toBe('reconnecting');
    expect(socket.readyState).toBe(1);
    await goOn(roomWith(self, bob, 6));
    expect(socket.readyState).toBe(3);
    expect(events).toEqual(['stateChanged reconnecting', 'stateChanged connected']);
    expect(openConnections()).toBe(3);
  });

  test('that is answered late says that the socket lives after all', async () => {
    const { room, socket, self } = await joinRoom(bob);
    page().dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(5_000);
    const [keepAlive, reopen] = lastFrame(socket) as [Message, Message];
    socket.deliver([respond(keepAlive), respond(reopen, resumed(roomWith(self, bob)))]);
    expect(room.state).toBe('connected');
    expect(FakeSocket.last.readyState).toBe(3);
    expect(socket.readyState).toBe(1);
  });

  test.each([
    ['refused for now', { code: 429, desc: 'too fast', retryAfter: 1 }, 0],
    ['refused, because the address is no longer ours', { code: 403, desc: 'not yours' }, 1],
  ])('that is %s', async (_, answer, more) => {
    const { socket } = await joinRoom();
    const made = FakeSocket.made.length;
    page().dispatchEvent(new Event('online'));
    await settle();
    const [keepAlive, reopen] = lastFrame(socket) as [Message, Message];
    socket.deliver([respond(keepAlive, answer), respond(reopen, NOT_HERE)].slice(0, more + 1));
    await settle();
    expect(FakeSocket.made.length - made).toBe(more);
  });
});

describe('a socket that has served its time', () => {
  const LIFETIME = 60_000;

  test('is replaced by another: nothing is lost, and nothing comes twice', async () => {
    const { room, socket, self, events } = await joinRoom(bob, undefined, {}, {}, LIFETIME);
    await vi.advanceTimersByTimeAsync(LIFETIME);
    const asked = room.localParticipant.mute('microphone');
    await settle();
    const next = await openLast();
    expect(socket.readyState).toBe(1);
    expect(room.state).toBe('connected');
    socket.deliver(dataPush({ id: 'bob.1', data: 'one' }, 'bob'));
    const carol = roomUpdate(6, 'participants.carol', participant('carol', { publications: {} }));
    const dave = roomUpdate(7, 'participants.dave', participant('dave', { publications: {} }));
    const missed = dataPush({ id: 'bob.2', data: 'two' }, 'bob');
    socket.deliver(carol);
    const value = roomWith(self, { ...bob, carol: participant('carol', { publications: {} }) }, 6);
    next.deliver([
      respond(next.sent('create', ADDRESSES.registry)),
      respond(next.sent('re-open'), resumed(value, [missed.body.value])),
    ]);
    await settle();
    // What was sent by the old socket is answered by it.
    expect(() => next.sent('update')).toThrow();
    await answerUpdate(socket);
    await asked;
    for (const late of [missed, dave, carol]) socket.deliver(late);
    for (const doubled of [missed, dave]) next.deliver(doubled);
    expect(events).toEqual([
      'muted self microphone self',
      'chatMessage bob one',
      'participantJoined carol',
      'chatMessage bob two',
      'participantJoined dave',
    ]);
    room.localParticipant.mute('screen');
    await settle();
    expect(next.sent('update', ADDRESSES.conference).body).toMatchObject({ muted: expect.arrayContaining(['screen']) });
    await vi.advanceTimersByTimeAsync(LINGER);
    expect(socket.readyState).toBe(3);
    expect(room.state).toBe('connected');
  });

  test('may not be known any more when what was sent by it arrives: that is sent by the other', async () => {
    const { room, socket, self } = await joinRoom({}, undefined, {}, {}, LIFETIME);
    await vi.advanceTimersByTimeAsync(LIFETIME);
    const muted = room.localParticipant.mute('camera');
    await settle();
    const next = await openLast();
    const notYours = { code: 403, desc: 'not yours' };
    socket.deliver(respond(socket.sent('update', ADDRESSES.conference), notYours));
    await answerReturn(next, resumed(roomWith(self, {})));
    expect(next.sent('update', ADDRESSES.conference)).toEqual(socket.sent('update', ADDRESSES.conference));
    // By the one that it is known by it is final.
    next.deliver(respond(next.sent('update', ADDRESSES.conference), notYours));
    await expect(muted).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('has what it leaves unanswered asked again when it is closed', async () => {
    const { room, socket, self } = await joinRoom({}, undefined, {}, {}, LIFETIME);
    await vi.advanceTimersByTimeAsync(LIFETIME);
    const muted = room.localParticipant.mute('camera');
    await settle();
    const next = await goOn(roomWith(self, {}));
    await vi.advanceTimersByTimeAsync(LINGER);
    expect(next.sent('update', ADDRESSES.conference)).toEqual(socket.sent('update', ADDRESSES.conference));
    await answerUpdate(next);
    await muted;
  });
});
