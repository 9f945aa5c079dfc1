import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Hyperroom } from './hyperroom.ts';
import { KEEP_ALIVE } from './link/vigil.ts';
import { connected, SELF } from './testing/connected.ts';
import { ADDRESSES, respond } from './testing/fake-room.ts';
import { FakeSocket } from './testing/fake-socket.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hyperroom = () => new Hyperroom({ url: 'ws://example.org/dev', WebSocket: FakeSocket.asWebSocket });
const settle = () => vi.advanceTimersByTimeAsync(0);

test('connecting registers what it is told to, under an address of its own', async () => {
  const connecting = hyperroom().connect({ descriptor: 'chat', resources: ['chat'], dataSchemes: ['comm'] });
  FakeSocket.last.open();
  await settle();
  const request = FakeSocket.last.sent('create', ADDRESSES.registry);
  const url = expect.stringMatching(/^hyperty:\/\/example\.org\/[\w-]{36}$/);
  expect(request.body).toEqual({
    value: {
      url,
      descriptor: 'chat',
      resources: ['chat'],
      dataSchemes: ['comm'],
      ephemeral: true,
      resumption: expect.stringMatching(/^[\w-]{36}$/),
    },
  });
  FakeSocket.last.deliver(respond(request));
  expect((await connecting).url).toBe(request.from);
});

test('one that is to last says so', async () => {
  hyperroom().connect({ lasting: true });
  FakeSocket.last.open();
  await settle();
  expect(FakeSocket.last.sent('create').body?.value).not.toHaveProperty('ephemeral');
});

test('a refused, aborted or failed connection leaves nothing behind', async () => {
  const reason = new Error('changed my mind');
  const refused = hyperroom().connect();
  FakeSocket.last.open();
  await settle();
  FakeSocket.last.deliver(respond(FakeSocket.last.sent('create'), { code: 403, desc: 'not yours' }));
  await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  expect(FakeSocket.last.readyState).toBe(3);

  const abort = new AbortController();
  const aborted = hyperroom().connect({ signal: abort.signal });
  FakeSocket.last.open();
  await settle();
  abort.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  expect(FakeSocket.last.readyState).toBe(3);

  const failed = hyperroom().connect();
  FakeSocket.last.drop();
  await expect(failed).rejects.toMatchObject({ code: 'connection-refused' });
  await expect(hyperroom().connect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

test('it stays registered, and what it keeps with it, until it is closed', async () => {
  const { hyperty, socket } = await connected();
  const forget = hyperty.keep('context://example.org/o');
  const refreshed = () => socket.messages.filter(({ type }) => type === 'update').map(({ body }) => body?.resource);
  await vi.advanceTimersByTimeAsync(KEEP_ALIVE);
  expect(refreshed()).toEqual([SELF, 'context://example.org/o']);
  const [self, object] = JSON.parse(socket.frames.at(-1) ?? '[]');
  socket.deliver([respond(self), respond(object, { code: 404, desc: 'not registered again yet' })]);
  forget();
  await vi.advanceTimersByTimeAsync(KEEP_ALIVE);
  expect(refreshed().slice(2)).toEqual([SELF]);
  const ended = vi.fn();
  hyperty.on('closed', ended);
  const closing = hyperty.close();
  const unregister = socket.sent('update');
  expect(unregister.body).toEqual({ resource: SELF, value: 'disconnected', attribute: 'status' });
  socket.deliver(respond(unregister));
  await closing;
  expect(ended.mock.calls).toEqual([['closed']]);
  expect(socket.readyState).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

test('closing takes no longer than two seconds', async () => {
  const { hyperty, socket } = await connected();
  const closing = hyperty[Symbol.asyncDispose]();
  await vi.advanceTimersByTimeAsync(2_000);
  await closing;
  expect(socket.readyState).toBe(3);
});

test('a lost socket is replaced by another one, which registers the same', async () => {
  const { hyperty, socket } = await connected();
  const told: string[] = [];
  for (const name of ['reconnecting', 'reconnected', 'closed'] as const) hyperty.on(name, () => told.push(name));
  socket.drop();
  const next = FakeSocket.last;
  next.open();
  await settle();
  expect(told).toEqual(['reconnecting']);
  expect(next.messages.map(({ body }) => body)).toEqual([socket.sent('create').body]);
  next.deliver(respond(next.sent('create')));
  await settle();
  expect(told).toEqual(['reconnecting', 'reconnected']);
  hyperty.disconnect();
  expect(told.at(-1)).toBe('closed');
});

test('it ends when its domain does not take it back', async () => {
  const { hyperty, socket } = await connected();
  const ended = vi.fn();
  hyperty.on('closed', ended);
  socket.drop();
  FakeSocket.last.open();
  await settle();
  FakeSocket.last.deliver(respond(FakeSocket.last.sent('create'), { code: 403, desc: 'not yours' }));
  await settle();
  await hyperty.close();
  expect(ended.mock.calls).toEqual([['connection-lost', expect.objectContaining({ code: 'forbidden' })]]);
  expect(vi.getTimerCount()).toBe(0);
});
