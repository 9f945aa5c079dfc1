import { videoCodecsOf } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KEEP_ALIVE } from './link/vigil.ts';
import { FakePeerConnection, FakeRTCRtpReceiver, fakeStream } from './testing/fake-media.ts';
import { ADDRESSES, admit, answerTo, dismissal, joining, offered, ROOM, respond } from './testing/fake-room.ts';
import type { FakeSocket } from './testing/fake-socket.ts';
import { askedToJoin, roomWith, settle, startJoin, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const joins = (socket: FakeSocket) => socket.messages.filter(({ to }) => to === ADDRESSES.conference);
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;
const refuse = (socket: FakeSocket, body: Record<string, unknown>) =>
  socket.deliver([respond(socket.sent('create', ADDRESSES.registry)), respond(joining(socket).request, body)]);

describe('a media server that is started first', () => {
  const starting = { code: 503, description: 'no media node is available', retryAfter: 3, starting: true };

  async function asked(options: Parameters<typeof askedToJoin>[0] = {}) {
    const onWaiting = vi.fn();
    const { joined, socket } = await askedToJoin({ stream: fakeStream(), onWaiting, ...options });
    const settled = vi.fn();
    joined.then(settled, settled);
    refuse(socket, starting);
    await settle();
    return { joined, socket, onWaiting, settled };
  }

  async function askedAgain(socket: FakeSocket): Promise<void> {
    await vi.advanceTimersByTimeAsync(3_000);
    const beats = socket.messages.filter(({ type, to }) => type === 'update' && to === ADDRESSES.registry);
    for (const beat of beats) socket.deliver(respond(beat));
    await settle();
  }

  test('keeps a join pending, which asks with the same offers whether it is there', async () => {
    const { joined, socket, onWaiting } = await asked();
    expect([onWaiting.mock.calls, joins(socket).length]).toEqual([[['media']], 1]);
    await askedAgain(socket);
    const [first, again] = joins(socket);
    expect(again).toEqual({ ...first, id: again?.id, trace: again?.trace });
    const self = joining(socket);
    socket.deliver(respond(self.request, { code: 200, value: roomWith(self, {}), connections: [] }));
    await expect(joined).resolves.toMatchObject({ id: 'standup', state: 'connected' });
  });

  test('is waited for no longer than five minutes', async () => {
    const { joined, socket, onWaiting, settled } = await asked();
    const failed = expect(joined).rejects.toMatchObject({ code: 'no-media-node' });
    for (let seconds = 3; seconds <= 303; seconds += 3) {
      expect(settled).not.toHaveBeenCalled();
      await askedAgain(socket);
      socket.deliver(respond(joining(socket).request, starting));
      await settle();
    }
    await failed;
    expect(onWaiting.mock.calls.length).toBe(101);
    expect(openConnections()).toBe(0);
  });

  test('that is no longer wanted leaves nothing behind', async () => {
    const patience = new AbortController();
    const { joined, socket } = await asked({ signal: patience.signal });
    const failed = expect(joined).rejects.toBe('enough');
    patience.abort('enough');
    await failed;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([joins(socket).length, openConnections(), vi.getTimerCount()]).toEqual([1, 0, 0]);
  });
});

describe('a waiting room', () => {
  const admission = (socket: FakeSocket) => ({
    id: 'admission',
    type: 'update',
    from: ADDRESSES.conference,
    to: joining(socket).request.from,
    body: { resource: ROOM, admitted: true },
  });

  async function waiting(options: Parameters<typeof askedToJoin>[0] = {}) {
    const onWaiting = vi.fn();
    const { joined, socket } = await askedToJoin({ stream: fakeStream(), onWaiting, ...options });
    const settled = vi.fn();
    joined.then(settled, settled);
    refuse(socket, { code: 202, waiting: true });
    await settle();
    return { joined, socket, onWaiting, settled };
  }

  test('keeps a join pending, however long, until it is admitted with the same offers', async () => {
    const { joined, socket, onWaiting, settled } = await waiting();
    expect(onWaiting.mock.calls).toEqual([['moderator']]);
    for (let alive = 0; alive < 2; alive++) {
      await vi.advanceTimersByTimeAsync(KEEP_ALIVE);
      socket.deliver(respond(socket.sent('update', ADDRESSES.registry)));
    }
    expect(settled).not.toHaveBeenCalled();
    socket.deliver({ ...admission(socket), body: { resource: ADDRESSES.room('another'), admitted: true } });
    socket.deliver({ ...admission(socket), from: ADDRESSES.hyperty('mallory') });
    expect(joins(socket)).toHaveLength(1);
    socket.deliver(admission(socket));
    await settle();
    const [first, again] = joins(socket);
    expect(again).toEqual({ ...first, id: again?.id, trace: again?.trace });
    expect(again?.id).not.toBe(first?.id);
    const self = joining(socket);
    socket.deliver(respond(self.request, { code: 200, value: roomWith(self, {}), connections: [] }));
    await expect(joined).resolves.toMatchObject({ id: 'standup', state: 'connected' });
  });

  test('whose admission overtakes the word that there is one', async () => {
    const { socket } = await askedToJoin();
    socket.deliver(admission(socket));
    refuse(socket, { code: 202, waiting: true });
    await settle();
    expect(joins(socket)).toHaveLength(2);
  });

  test.each([
    ['refused', 'full tonight', 'waiting-refused'],
    ['removed', undefined, 'waiting-refused'],
    ['ended', undefined, 'not-found'],
  ])('that is over: %s', async (reason, description, code) => {
    const { joined, socket } = await waiting();
    socket.deliver(dismissal(joining(socket).id, reason, description));
    await expect(joined).rejects.toMatchObject({ code, message: description ?? reason });
    await settle();
    expect(socket.messages.some(({ type }) => type === 'delete')).toBe(false);
    expect(socket.readyState).toBe(3);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is left by aborting the join', async () => {
    const abort = new AbortController();
    const reason = new Error('no time');
    const { joined, socket } = await waiting({ signal: abort.signal });
    abort.abort(reason);
    await expect(joined).rejects.toBe(reason);
    await settle();
    expect(socket.sent('delete', ADDRESSES.conference).body).toEqual({ resource: ROOM });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the codec', () => {
  const codecs = (socket: FakeSocket) =>
    new Set(offered(joining(socket).request).flatMap(({ data }) => videoCodecsOf(data.connectionDescription.sdp)));
  const notAcceptable = { code: 488, description: 'this room is H264', codec: 'H264' };

  test('of a room that is created is offered from the start', async () => {
    const { socket } = await askedToJoin({ stream: fakeStream(), create: { codec: 'H264' } });
    expect(codecs(socket)).toEqual(new Set(['H264']));
    expect(FakePeerConnection.made[0]?.transceivers[1]?.codecs).toEqual([
      { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
      { mimeType: 'video/rtx' },
    ]);
  });

  test('that the room wants instead is offered on new connections, once', async () => {
    const { joined, socket } = await askedToJoin({ stream: fakeStream() });
    expect(codecs(socket)).toEqual(new Set(['VP8']));
    const before = offered(joining(socket).request).map(({ url }) => url);
    refuse(socket, notAcceptable);
    await settle();
    expect(FakePeerConnection.made.map(({ closed }) => closed)).toEqual([
      ...Array(4).fill(true),
      ...Array(4).fill(false),
    ]);
    expect(codecs(socket)).toEqual(new Set(['H264']));
    expect(offered(joining(socket).request).filter(({ url }) => before.includes(url))).toEqual([]);
    expect(socket.messages.filter(({ to }) => to === ADDRESSES.registry)).toHaveLength(1);
    refuse(socket, notAcceptable);
    await expect(joined).rejects.toMatchObject({ code: 'codec-unsupported', status: 488 });
    expect(joins(socket).filter(({ type }) => type === 'create')).toHaveLength(2);
    await settle();
    expect(openConnections()).toBe(0);
  });

  test('of the room is that of later offers', async () => {
    const { joined, socket } = await askedToJoin({ create: { codec: 'H264' } });
    admit(
      socket,
      (self) => roomWith(self, {}, 5, { options: { codec: 'H264' } }),
      ({ receive: [first = '', ...others] }) => [answerTo(first), ...others.map((url) => ({ url, error: 'no good' }))],
    );
    await joined;
    await vi.advanceTimersByTimeAsync(1_000);
    const later = offered(socket.sent('update', ADDRESSES.conference));
    expect(later.flatMap(({ data }) => videoCodecsOf(data.connectionDescription.sdp))).toEqual([
      'H264',
      'H264',
      'H264',
    ]);
  });

  test('that the browser has not got ends the join', async () => {
    const audio = FakeRTCRtpReceiver.getCapabilities('audio');
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => audio });
    const { joined, socket } = await startJoin();
    await expect(joined).rejects.toMatchObject({ code: 'codec-unsupported', status: undefined });
    await settle();
    expect(openConnections()).toBe(0);
    expect(socket.readyState).toBe(3);
  });
});

test.each([
  ['token expired', 'token-expired'],
  ['no token', 'unauthorized'],
])('a join refused with 401, %s', async (description, code) => {
  const { joined, socket } = await askedToJoin();
  refuse(socket, { code: 401, description });
  await expect(joined).rejects.toMatchObject({ code, status: 401, message: description });
});

test('what a join says beside its offers travels with it', async () => {
  const stream = fakeStream();
  const { socket } = await askedToJoin({
    stream,
    muted: ['microphone'],
    metadata: { hand: 'down' },
    subscribe: 'chosen',
    create: { lastN: 2, metadata: { title: 'Standup' } },
  });
  expect(joining(socket).request.body).toMatchObject({
    muted: ['microphone'],
    metadata: { hand: 'down' },
    subscriptions: { revision: 1, auto: false, choices: [] },
    create: { lastN: 2, metadata: { title: 'Standup' } },
  });
  expect(stream.getTracks().map(({ enabled }) => enabled)).toEqual([false, true]);
  expect(joining(socket).receive).toHaveLength(2);
});
