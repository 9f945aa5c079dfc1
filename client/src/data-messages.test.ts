import { childrenOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ADDRESSES, admit, dataPush, dismissal, participant, ROOM, respond } from './testing/fake-room.ts';
import { askedToJoin, joinRoom, roomWith, settle, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const CHILDREN = childrenOf(ROOM);

describe('chat', () => {
  test('is sent to everyone, and comes back as the others get it', async () => {
    const { room, socket, self, events } = await joinRoom();
    const sending = room.sendChat('hello');
    const request = socket.sent('create', CHILDREN);
    expect(request).toMatchObject({
      from: ADDRESSES.hyperty(self.id),
      body: { resource: expect.stringMatching(/^[\w-]{36}$/), value: { topic: 'chat', data: 'hello' } },
    });
    const sender = { id: self.id, hypertyURL: request.from, name: 'Ada' };
    const value = { id: 'a.1', topic: 'chat', data: 'hello', sent: '2026-01-01T00:00:00Z', sender };
    socket.deliver(respond(request, { code: 200, value }));
    expect(await sending).toEqual({
      id: 'a.1',
      text: 'hello',
      from: room.localParticipant,
      name: 'Ada',
      to: undefined,
      sent: new Date('2026-01-01T00:00:00Z'),
    });
    expect(events).toEqual([]);
  });

  test('to some names them; more than a frame takes is refused here, and what else is wrong by the server', async () => {
    const { room, socket } = await joinRoom();
    room.sendChat('psst', { to: ['bob'] }).catch(() => {});
    expect(socket.sent('create', CHILDREN).body).toMatchObject({ value: { to: ['bob'] } });
    await expect(room.sendChat('x'.repeat(40_000))).rejects.toMatchObject({ code: 'bad-request', status: undefined });
    const sending = room.sendChat('psst', { to: [] });
    socket.deliver(respond(socket.sent('create', CHILDREN), { code: 400, description: 'value.to: to nobody' }));
    await expect(sending).rejects.toMatchObject({ code: 'bad-request', message: 'value.to: to nobody' });
  });

  test('of others is told once, with who wrote it', async () => {
    const { room, socket, events } = await joinRoom({ bob: participant('bob') });
    const heard = vi.fn();
    room.on('chatMessage', heard);
    const push = dataPush({ data: 'hi' }, 'bob');
    socket.deliver([push, push]);
    socket.deliver(dataPush({ data: 'bye' }, 'carol'));
    socket.deliver(dataPush({ data: 'closing soon', id: 'server.1' }));
    socket.deliver(dataPush({ data: 7, id: 'bob.2' }, 'bob'));
    expect(events).toEqual(['chatMessage bob hi', 'chatMessage carol bye', 'chatMessage closing soon']);
    expect(heard.mock.calls[0]?.[0].from).toBe(room.participants.get('bob'));
    expect(heard.mock.calls[1]?.[0].from).toBeUndefined();
  });

  test('that the conference has not passed on is nobody’s', async () => {
    const { socket, events } = await joinRoom();
    socket.deliver({ ...dataPush({ data: 'a lie' }, 'bob'), from: ADDRESSES.hyperty('mallory') });
    expect(events).toEqual([]);
  });

  test('that comes before the answer to the join is not missed', async () => {
    const { joined, socket } = await askedToJoin();
    socket.deliver(dataPush({ data: 'early' }, 'bob'));
    admit(socket, (self) => roomWith(self, {}));
    const room = await joined;
    const heard = vi.fn();
    room.on('chatMessage', heard);
    await settle();
    expect(heard.mock.calls[0]?.[0].text).toBe('early');
  });
});

describe('a channel', () => {
  const isPoint = (data: unknown): data is { x: number } => typeof data === 'object' && data !== null && 'x' in data;

  test('hears what is on its topic and valid, once', async () => {
    const { room, socket } = await joinRoom({ bob: participant('bob') });
    const points = room.channel('points', { isValid: isPoint });
    const heard: unknown[] = [];
    const stop = points.on('message', (point, from, { id }) => heard.push([point.x, from?.id, id]));
    socket.deliver(dataPush({ topic: 'points', data: { x: 1 }, id: 'bob.1' }, 'bob'));
    socket.deliver(dataPush({ topic: 'points', data: { x: 1 }, id: 'bob.1' }, 'bob'));
    socket.deliver(dataPush({ topic: 'points', data: 'nonsense', id: 'bob.2' }, 'bob'));
    socket.deliver(dataPush({ topic: 'others', data: { x: 2 }, id: 'bob.3' }, 'bob'));
    stop();
    socket.deliver(dataPush({ topic: 'points', data: { x: 3 }, id: 'bob.4' }, 'bob'));
    expect(heard).toEqual([[1, 'bob', 'bob.1']]);
  });

  test('is awaited, looped over and let go of as any other, and ends with its room', async () => {
    const { room, socket, self } = await joinRoom({ bob: participant('bob') });
    const points = room.channel('points', { isValid: isPoint });
    const [first, all] = [points.once('message'), points.events('message')];
    const aborting = new AbortController();
    const never = points.once('message', { signal: aborting.signal });
    aborting.abort(new Error('enough'));
    await expect(never).rejects.toThrow('enough');
    for (const x of [1, 2]) socket.deliver(dataPush({ topic: 'points', data: { x }, id: `bob.${x}` }, 'bob'));
    await expect(first).resolves.toMatchObject([{ x: 1 }, { id: 'bob' }, { id: 'bob.1' }]);
    socket.deliver(dismissal(self.id, 'ended'));
    const heard: number[] = [];
    for await (const [{ x }] of all) heard.push(x);
    expect(heard).toEqual([1, 2]);
    await expect(points.once('message')).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('sends, and says what the server made of it', async () => {
    const { room, socket } = await joinRoom();
    const sending = room.channel<number[]>('numbers').send([1, 2], { to: ['bob'] });
    const request = socket.sent('create', CHILDREN);
    expect(request.body).toMatchObject({ value: { topic: 'numbers', data: [1, 2], to: ['bob'] } });
    socket.deliver(respond(request, { code: 404, description: 'not here: bob' }));
    await expect(sending).rejects.toMatchObject({ code: 'not-found', message: 'not here: bob' });
    expect(() => room.channel('no topic')).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

test('history is read from the room', async () => {
  const { room, socket } = await joinRoom();
  const reading = room.history();
  const value = [{ id: 'a.1', topic: 'chat', data: 'hello', sent: '2026-01-01T00:00:00Z' }];
  socket.deliver(respond(socket.sent('read', CHILDREN), { code: 200, value }));
  expect(await reading).toEqual(value);
});
