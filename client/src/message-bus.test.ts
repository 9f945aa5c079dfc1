import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ask, type BusOptions, bodyOf, MessageBus, type Request } from './message-bus.ts';
import { isUpdate } from './syncher/data-object.ts';
import { FakeSocket } from './testing/fake-socket.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const me = 'hyperty://d/me';
const conference = 'hyperty://d/conference';
const read: Request = { type: 'read', from: me, to: conference, body: { resource: 'comm://d/r' } };
const answer = (id: unknown, body: object = { code: 200 }) => ({
  id,
  type: 'response',
  from: conference,
  to: me,
  body,
});

function busOf(options: Partial<BusOptions>): MessageBus {
  return new MessageBus({
    url: () => 'ws://d/',
    expires: Number.POSITIVE_INFINITY,
    WebSocket: FakeSocket.asWebSocket,
    lifetime: Number.POSITIVE_INFINITY,
    greet: async () => {},
    isRepeatable: ({ to }) => to === conference,
    onUp: () => {},
    onDown: () => {},
    onLost: () => {},
    ...options,
  });
}

async function opened(options: Partial<BusOptions> = {}) {
  const [onUp, onDown, onLost] = [vi.fn(), vi.fn(), vi.fn()];
  const bus = busOf({ onUp, onDown, onLost, ...options });
  const socket = FakeSocket.last;
  socket.open();
  await settle();
  return { bus, socket, onUp, onDown, onLost };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test('one request is a message, several are one array', async () => {
  const { bus, socket } = await opened();
  bus.request(read);
  bus.request(read, { ...read, type: 'delete' });
  expect(socket.frames.map((frame) => JSON.parse(frame))).toEqual([
    { id: 1, ...read },
    [
      { id: 2, ...read },
      { id: 3, ...read, type: 'delete' },
    ],
  ]);
});

test('responses find their requests in any order, alone or in an array', async () => {
  const { bus, socket } = await opened();
  const [first, second, third] = bus.request(read, read, read);
  socket.deliver(answer(2, { code: 200, value: 'second' }));
  socket.deliver([answer(3, { code: 200, value: 'third' }), answer(1, { code: 200, value: 'first' })]);
  expect((await first).body).toMatchObject({ value: 'first' });
  expect((await second).body).toMatchObject({ value: 'second' });
  expect((await third).body).toMatchObject({ value: 'third' });
});

test('an id is compared with its type, and the first response counts', async () => {
  const { bus, socket } = await opened();
  const [response] = bus.request(read);
  socket.deliver(answer('1', { code: 200, value: 'not mine' }));
  socket.deliver(answer(1, { code: 200, value: 'mine' }));
  socket.deliver(answer(1, { code: 500, desc: 'doubled' }));
  expect((await response).body).toMatchObject({ value: 'mine' });
});

test('ids begin anywhere, so that no answer to an earlier socket’s request fits', async () => {
  vi.mocked(Math.random).mockReturnValue(0.5);
  const { bus, socket } = await opened();
  bus.request(read);
  expect(socket.messages[0]?.id).toBe(2 ** 31 + 1);
});

test('a refusal rejects with a stable code, the number on the wire and the text in either spelling', async () => {
  const { bus, socket } = await opened();
  const [full, gone, odd] = bus.request(read, read, read);
  socket.deliver([
    answer(1, { code: 486, description: 'the room is full' }),
    answer(2, { code: 404, desc: 'no room' }),
  ]);
  socket.deliver(answer(3, { code: 599 }));
  await expect(full).rejects.toMatchObject({ code: 'room-full', status: 486, message: 'the room is full' });
  await expect(gone).rejects.toMatchObject({ code: 'not-found', status: 404, message: 'no room' });
  await expect(odd).rejects.toMatchObject({ code: 'server-error', status: 599 });
});

test('a response after the deadline changes nothing', async () => {
  const { bus, socket } = await opened();
  const [response] = bus.request(read);
  const rejected = expect(response).rejects.toMatchObject({ code: 'timeout', status: undefined });
  await vi.advanceTimersByTimeAsync(15_000);
  await rejected;
  expect(() => socket.deliver(answer(1))).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});

test('frames that are not ours do no harm, and good messages of a bad batch arrive', async () => {
  const { bus, socket } = await opened();
  const [response] = bus.request(read);
  for (const frame of ['', 'hello', '[]', 'null', '7', '{"id":1}', new ArrayBuffer(4)]) socket.deliver(frame);
  socket.deliver(answer(1, { code: 'ok' }));
  socket.deliver(answer(99));
  socket.deliver([{ id: 1, type: 'response' }, 'x', null, answer(1, { code: 200, value: 'good' })]);
  expect((await response).body).toMatchObject({ value: 'good' });
});

test('a frame may come as bytes: some emulators of API Gateway send them', async () => {
  const { bus, socket } = await opened();
  const [response] = bus.request(read);
  socket.deliver(new TextEncoder().encode(JSON.stringify(answer(1, { code: 200, value: 'grüß dich' }))).buffer);
  expect((await response).body).toMatchObject({ value: 'grüß dich' });
});

test('pushes reach the listener of exactly their type, sender and address, if their body fits', async () => {
  const { bus, socket } = await opened();
  const updates = vi.fn();
  const push = { id: 1, type: 'update', from: 'comm://d/r', to: 'comm://d/r/changes' };
  const body = { version: 2, source: conference, attribute: 'status', value: 'open' };
  bus.route({ type: 'update', from: 'comm://d/r', to: 'comm://d/r/changes' }, updates, isUpdate);
  socket.deliver({ ...push, body });
  socket.deliver({ ...push, from: 'hyperty://d/impostor', body });
  socket.deliver({ ...push, type: 'create', body });
  socket.deliver({ ...push, to: 'comm://d/other/changes', body });
  socket.deliver({ ...push, body: { ...body, version: 'two' } });
  expect(updates.mock.calls).toEqual([[body, { ...push, body }]]);
});

test('a listener that fails at a body disturbs neither the others nor what comes after', async () => {
  const { bus, socket } = await opened();
  const uncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
  const push = { id: 1, type: 'update', from: conference, to: me } as const;
  const heard = vi.fn();
  bus.route(push, ({ name }: { name: string }) => heard(name.trim()));
  bus.route(push, ({ name }: { name: string }) => heard(name));
  socket.deliver([{ ...push }, { ...push, body: { name: ' Ada' } }]);
  expect(heard.mock.calls).toEqual([[undefined], ['Ada'], [' Ada']]);
  expect(uncaught.mock.calls[0]?.[0]).toThrow(TypeError);
});

test('an answer that is not one rejects', () => {
  const has = ({ list }: { list: unknown[] }) => list.length > 0;
  const said = (body?: Record<string, unknown>) => () =>
    bodyOf({ id: 1, type: 'response', from: conference, to: me, ...(body && { body }) }, has);
  expect(said({ list: [1] })()).toEqual({ list: [1] });
  for (const nonsense of [undefined, {}, { list: null }, { list: [] }]) {
    expect(said(nonsense)).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  }
});

test('any number may listen to an address, whoever sends to it, until they stop', async () => {
  const { bus, socket } = await opened();
  const subscribe = { id: 'x', type: 'subscribe', from: 'hyperty-runtime://d/b/sm', to: 'comm://d/o/subscription' };
  const [first, second] = [vi.fn(), vi.fn()];
  const stops = [first, second].map((listener) => bus.route({ type: 'subscribe', to: subscribe.to }, listener));
  socket.deliver(subscribe);
  stops[0]?.();
  stops[0]?.();
  socket.deliver(subscribe);
  stops[1]?.();
  socket.deliver(subscribe);
  expect([first, second].map((listener) => listener.mock.calls.length)).toEqual([1, 2]);
});

test('posts are not waited for: an update gets an id, an answer keeps its own', async () => {
  const { bus, socket } = await opened();
  bus.post({ type: 'update', from: 'comm://d/o', to: 'comm://d/o/changes', body: {} });
  bus.post({ id: 'theirs', type: 'response', from: me, to: conference, body: { code: 200 } });
  expect(socket.messages.map(({ id }) => id)).toEqual([1, 'theirs']);
  expect(vi.getTimerCount()).toBe(0);
  bus.close();
  expect(() => bus.post(read)).toThrow(expect.objectContaining({ code: 'connection-lost' }));
});

test('a request too large for a frame is refused before it costs the socket', async () => {
  const { bus, socket } = await opened();
  const [large] = bus.request({ ...read, body: { text: 'x'.repeat(40_000) } });
  await expect(large).rejects.toMatchObject({ code: 'bad-request' });
  expect(socket.frames).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a socket that never opens rejects with connection-refused, and whoever has asked with connection-lost', async () => {
  const onLost = vi.fn();
  const bus = busOf({ onLost });
  const [pending] = bus.request(read);
  FakeSocket.last.drop();
  await expect(bus.opened).rejects.toMatchObject({ name: 'HyperroomError', code: 'connection-refused' });
  await expect(pending).rejects.toMatchObject({ code: 'connection-lost' });
  expect(onLost).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is in flight when a socket is lost is sent again by the next, once that is known, if it may come twice', async () => {
  let isKnown = () => {};
  const greet = (ask: Ask) => {
    ask({ ...read, type: 're-open' })[0].catch(() => {});
    return new Promise<void>((resolve) => {
      isKnown = resolve;
    });
  };
  const { bus, socket, onUp, onDown } = await opened({ greet });
  const [repeatable, other] = bus.request(read, { ...read, to: 'hyperty://d/other' });
  socket.drop();
  await expect(other).rejects.toMatchObject({ code: 'connection-lost' });
  expect(onDown).toHaveBeenCalledTimes(1);
  const [late] = bus.request({ ...read, to: 'hyperty://d/other' });
  bus.post({ type: 'update', from: 'comm://d/o', to: 'comm://d/o/changes', body: {} });
  const next = FakeSocket.last;
  next.open();
  await settle();
  expect(next.messages.map(({ type }) => type)).toEqual(['re-open']);
  isKnown();
  await settle();
  expect(onUp).toHaveBeenCalledTimes(2);
  expect(JSON.parse(next.frames[1] ?? '')).toMatchObject([{ id: 1, ...read }, { to: 'hyperty://d/other' }]);
  next.deliver(answer(1, { code: 200, value: 'again' }));
  expect((await repeatable).body).toMatchObject({ value: 'again' });
  bus.close();
  await expect(late).rejects.toMatchObject({ code: 'connection-lost' });
});

test('what is asked by one socket alone is asked by no other', async () => {
  const asked = vi.fn();
  const refused = vi.fn();
  const { bus, socket } = await opened({ greet: (ask) => Promise.all(ask(read)).then(asked, refused) });
  socket.drop();
  FakeSocket.last.open();
  await settle();
  FakeSocket.last.drop();
  await settle();
  expect(asked).not.toHaveBeenCalled();
  expect(refused.mock.calls).toEqual([[expect.objectContaining({ code: 'connection-lost' })]]);
  expect(bus.isUp).toBe(false);
  bus.close();
  expect(vi.getTimerCount()).toBe(0);
});

describe('a refusal that will pass', () => {
  const later = { code: 429, desc: 'later', retryAfter: 2 };

  test('has the same asked again when it has, within the deadline', async () => {
    const { bus, socket } = await opened();
    const [response] = bus.request(read);
    socket.deliver(answer(1, later));
    socket.deliver(answer(1, later));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(socket.frames).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.messages).toEqual([
      { id: 1, ...read },
      { id: 1, ...read },
    ]);
    socket.deliver(answer(1));
    await response;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is one after the deadline, or of others than the domain', async () => {
    const { bus, socket } = await opened();
    const [long, other] = bus.request(read, { ...read, to: 'hyperty://d/other' });
    socket.deliver([answer(1, { ...later, retryAfter: 15 }), answer(2, later)]);
    for (const refused of [long, other]) await expect(refused).rejects.toMatchObject({ code: 'too-fast' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('closing is silent and rejects what is pending', async () => {
  const { bus, socket, onLost } = await opened();
  const [pending] = bus.request(read);
  bus.close();
  await expect(pending).rejects.toMatchObject({ code: 'connection-lost' });
  socket.deliver(answer(1));
  socket.drop();
  expect(onLost).not.toHaveBeenCalled();
});
