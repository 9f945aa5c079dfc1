import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Hyperroom } from './hyperroom.ts';
import { FakePeerConnection, fakeStream } from './testing/fake-media.ts';
import { ADDRESSES, admit, answerTo, joining, participant, ROOM, respond, roomObject } from './testing/fake-room.ts';
import { FakeSocket } from './testing/fake-socket.ts';
import { askedToJoin, joinRoom, roomWith, settle, startJoin, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const leaves = (socket: FakeSocket) => socket.messages.filter(({ type }) => type === 'delete').length;
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;

describe('a join', () => {
  test('is one frame: registration, and a request with every offer', async () => {
    const { socket } = await askedToJoin({ stream: fakeStream(), create: { capacity: 4 } });
    expect(socket.url).toBe('ws://example.org/dev?token=a+token');
    expect(socket.frames).toHaveLength(1);
    const { request, id, publish, receive } = joining(socket);
    expect(socket.messages[0]).toMatchObject({
      type: 'create',
      from: ADDRESSES.hyperty(id),
      to: ADDRESSES.registry,
      body: { value: { url: ADDRESSES.hyperty(id) } },
    });
    expect(request.body).toMatchObject({ resource: ROOM, create: { capacity: 4 }, identity: { name: 'Ada' } });
    expect(publish).toBeDefined();
    expect(receive).toHaveLength(3);
  });

  test('without a stream only receives; without `create` asks for none', async () => {
    const { socket } = await askedToJoin({ create: undefined } as object);
    expect(joining(socket).publish).toBeUndefined();
    expect(joining(socket).request.body).not.toHaveProperty('create');
  });

  test('makes its offers while the socket is opening, and gathers candidates only for those used first', async () => {
    const { joined, socket } = await startJoin({ stream: fakeStream() });
    const gathering = () => FakePeerConnection.made.map(({ localDescription }) => localDescription !== null);
    expect(gathering()).toEqual([true, true, true, false]);
    expect(socket.frames).toHaveLength(0);
    socket.open();
    await settle();
    admit(
      socket,
      (self) => roomWith(self, {}),
      ({ receive }) => [answerTo(receive[2] ?? '')],
    );
    await joined;
    await settle();
    expect(gathering()).toEqual([true, true, true, true]);
  });

  test('sends what a frame cannot take after the answer, in frames that are small enough', async () => {
    const { joined, socket } = await askedToJoin({}, 40);
    const first = joining(socket).receive.length;
    admit(socket, (self) => roomWith(self, {}));
    await joined;
    for (let sent = 1; sent < socket.frames.length; sent++) {
      const request = socket.sent('update', ADDRESSES.conference);
      socket.deliver(respond(request, { code: 200, resource: ROOM, version: 5, connections: [] }));
      await settle();
    }
    const offered = socket.messages.slice(2).flatMap(({ body }) => body?.connections);
    expect(first + offered.length).toBe(40);
    expect(Math.max(...socket.frames.map((frame) => new TextEncoder().encode(frame).length))).toBeLessThan(30_000);
  });

  test('shows who is there already', async () => {
    const { room } = await joinRoom({ bob: participant('bob') });
    expect(room).toMatchObject({ id: 'standup', state: 'connected' });
    expect(room.localParticipant.name).toBe(room.localParticipant.id);
    expect([...room.participants.keys()]).toEqual(['bob']);
    expect(room.participants.get('bob')).toMatchObject({
      id: 'bob',
      name: 'bob',
      hypertyUrl: ADDRESSES.hyperty('bob'),
      user: 'user://example.org/bob',
      role: 'participant',
      status: 'live',
      metadata: {},
      joined: new Date('2026-01-01T00:00:00Z'),
      quality: 'unknown',
    });
    expect(room.participants.get('bob')?.publications.get('main')).toMatchObject({
      name: 'main',
      sources: ['microphone', 'camera'],
      media: 'connected',
      isSubscribed: true,
      isShown: false,
      paused: [],
    });
  });

  test('is refused with code and status, and leaves nothing behind', async () => {
    const { joined, socket } = await askedToJoin();
    const registered = respond(socket.sent('create', ADDRESSES.registry));
    const refused = respond(joining(socket).request, { code: 486, description: 'the room is full' });
    socket.deliver([registered, refused]);
    await expect(joined).rejects.toMatchObject({ name: 'HyperroomError', code: 'room-full', status: 486 });
    await settle();
    expect(openConnections()).toBe(0);
    expect(leaves(socket)).toBe(0);
    expect(socket.readyState).toBe(3);
  });

  test('rejects what can be no room before it makes anything', async () => {
    const hyperroom = new Hyperroom({
      url: 'ws://example.org',
      WebSocket: FakeSocket.asWebSocket,
      RTCPeerConnection: FakePeerConnection.asRTCPeerConnection,
    });
    const sockets = FakeSocket.made.length;
    for (const room of ['no/room', '', 'x'.repeat(129)]) {
      const refused = hyperroom.join(room, { name: 'Ada' });
      await expect(refused).rejects.toMatchObject({ code: 'bad-request', status: undefined });
    }
    expect(FakeSocket.made).toHaveLength(sockets);
  });

  test('rejects what no frame can take, and leaves nothing behind', async () => {
    const { joined, socket } = await askedToJoin({ name: 'x'.repeat(200_000) });
    await expect(joined).rejects.toMatchObject({ code: 'bad-request', status: undefined });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(socket.readyState).toBe(3);
    expect(socket).toBe(FakeSocket.last);
    expect(socket.frames.join()).not.toContain('xxx');
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['nothing', {}],
    ['no room', { value: { version: 1 }, connections: [] }],
    ['no connections', { value: roomObject(1, {}) }],
  ])('rejects when the answer is not one: %s', async (_, answer) => {
    const { joined, socket } = await askedToJoin();
    socket.deliver(respond(socket.sent('create', ADDRESSES.registry)));
    socket.deliver(respond(joining(socket).request, { code: 200, ...answer }));
    await expect(joined).rejects.toMatchObject({ code: 'protocol-error' });
    await settle();
    expect(leaves(socket)).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(openConnections()).toBe(0);
  });

  test('rejects when the socket does not open', async () => {
    const refused = await startJoin();
    refused.socket.drop();
    await expect(refused.joined).rejects.toMatchObject({ code: 'connection-refused' });
    await settle();
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an aborted join', () => {
  const reason = new Error('changed my mind');

  test('does not begin', async () => {
    const sockets = FakeSocket.made.length;
    const { joined } = await startJoin({ signal: AbortSignal.abort(reason) }).catch(() => ({ joined: undefined }));
    await expect(joined).rejects.toBe(reason);
    expect(FakeSocket.made).toHaveLength(sockets);
  });

  test('closes the socket if the server has heard nothing', async () => {
    const abort = new AbortController();
    const { joined, socket } = await startJoin({ signal: abort.signal });
    abort.abort(reason);
    await expect(joined).rejects.toBe(reason);
    await settle();
    expect(socket.frames).toHaveLength(0);
    expect(socket.readyState).toBe(3);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves after the answer, so that the leave does not overtake the join', async () => {
    const abort = new AbortController();
    const { joined, socket } = await askedToJoin({ signal: abort.signal, stream: fakeStream() });
    abort.abort(reason);
    await expect(joined).rejects.toBe(reason);
    expect(leaves(socket)).toBe(0);
    admit(
      socket,
      (self) => roomWith(self, {}),
      ({ publish = '' }) => [answerTo(publish)],
    );
    await settle();
    expect(leaves(socket)).toBe(1);
    expect(FakePeerConnection.made.every(({ remoteDescription }) => remoteDescription === null)).toBe(true);
    socket.deliver(socket.messages.slice(-2).map((request) => respond(request)));
    await settle();
    expect(socket.readyState).toBe(3);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves without an answer after two seconds, and closes after two more', async () => {
    const abort = new AbortController();
    const { socket } = await askedToJoin({ signal: abort.signal });
    abort.abort(reason);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(leaves(socket)).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(socket.readyState).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });
});
