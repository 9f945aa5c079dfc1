import type { Participant } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePeerConnection } from './testing/fake-media.ts';
import {
  ADDRESSES,
  admit,
  answerTo,
  connectionsPush,
  offered,
  participant,
  ROOM,
  respond,
  roomUpdate,
} from './testing/fake-room.ts';
import type { FakeSocket } from './testing/fake-socket.ts';
import { joinRoom, roomWith, settle, startJoin, stubBrowser } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const bob = ADDRESSES.hyperty('bob');
const carol = ADDRESSES.hyperty('carol');
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;

describe('spare connections', () => {
  const updates = (socket: FakeSocket) =>
    socket.messages.filter(({ type, body }) => type === 'update' && body?.connections);

  test('are offered in the background when fewer than two are left, one batch at a time', async () => {
    const two = { bob: participant('bob'), carol: participant('carol') };
    const { socket, self, events } = await joinRoom(two, ({ receive: [first = '', second = ''] }) => [
      answerTo(first, bob),
      answerTo(second, carol),
    ]);
    expect(updates(socket)).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates(socket)).toHaveLength(1);
    for (const [index, id] of ['dave', 'erin', 'frank'].entries()) {
      socket.deliver(roomUpdate(6 + index, `participants.${id}`, participant(id)));
    }
    await settle();
    expect(updates(socket)).toHaveLength(1);

    const request = socket.sent('update', ADDRESSES.conference);
    const [offered] = (request.body as { connections: { url: string }[] }).connections;
    const answer = {
      resource: ROOM,
      version: 6,
      connections: [answerTo(offered?.url ?? '', ADDRESSES.hyperty('dave'))],
    };
    socket.deliver(respond(request, { code: 200, ...answer }));
    await settle();
    expect(events.slice(-2)).toEqual(['trackAdded dave main audio', 'trackAdded dave main video']);
    socket.deliver(roomUpdate(9, 'participants.frank.publications.main.media', 'failed'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates(socket)).toHaveLength(2);
    expect(self.receive).toHaveLength(3);
  });

  test('are not offered for those who publish nothing', async () => {
    const silent: Partial<Participant> = { publications: {} };
    const { socket } = await joinRoom({ bob: participant('bob', silent), carol: participant('carol', silent) });
    expect(updates(socket)).toHaveLength(0);
  });

  test('are never more than the room shows, so a joiner of a crowd sends nothing more', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`p${index}`, participant(`p${index}`)]));
    const { socket, self } = await joinRoom(
      crowd,
      ({ receive }) => receive.map((url, index) => answerTo(url, ADDRESSES.hyperty(`p${index}`))),
      {},
      { options: { lastN: 3 } },
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(updates(socket)).toHaveLength(0);
    socket.deliver(connectionsPush(self.id, 5, [{ url: self.receive[0] ?? '', error: 'no good' }]));
    await settle();
    expect(offered(socket.sent('update', ADDRESSES.conference))).toHaveLength(1);
  });

  test('are not needed for those who are not wanted', async () => {
    const { room, socket } = await joinRoom({ bob: participant('bob'), carol: participant('carol') }, undefined, {
      subscribe: 'chosen',
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(updates(socket)).toHaveLength(0);
    room.participants.get('bob')?.publications.get('main')?.subscribe();
    room.participants.get('carol')?.publications.get('main')?.subscribe();
    socket.deliver(roomUpdate(6, 'speakers', []));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates(socket)).toHaveLength(1);
  });

  test('that the server refuses are closed, and offered again later', async () => {
    const { socket } = await joinRoom({ bob: participant('bob') }, ({ receive: [a = '', b = ''] }) => [
      answerTo(a, bob),
      { url: b, error: 'no good' },
    ]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates(socket)).toHaveLength(1);
    const refusal = { code: 429, desc: 'too fast', retryAfter: 10 };
    socket.deliver(respond(socket.sent('update', ADDRESSES.conference), refusal));
    await vi.advanceTimersByTimeAsync(9_900);
    expect(openConnections()).toBe(2);
    expect(updates(socket)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(updates(socket)).toHaveLength(2);
  });

  test('are offered at once if somebody waits to be seen', async () => {
    const four = Object.fromEntries(['bob', 'carol', 'dave', 'erin'].map((id) => [id, participant(id)]));
    const { socket } = await joinRoom(four, ({ receive }) => receive.map((url) => answerTo(url, bob)));
    expect(updates(socket)).toHaveLength(1);
  });
});

describe('candidates', () => {
  const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

  test('are sent a second after the answer, if the connection has not come up without', async () => {
    const { socket, self } = await joinRoom({ bob: participant('bob') }, ({ receive: [first = ''] }) => [
      answerTo(first, bob),
    ]);
    const [pc] = FakePeerConnection.made;
    pc?.onicecandidate?.({ candidate });
    pc?.onicecandidate?.({ candidate: { ...candidate, candidate: '' } });
    pc?.onicecandidate?.({ candidate: null });
    await vi.advanceTimersByTimeAsync(999);
    expect(() => socket.sent('update', ADDRESSES.conference)).toThrow();
    await vi.advanceTimersByTimeAsync(1);
    const sent = () => socket.sent('update', ADDRESSES.conference).body;
    expect(sent()).toEqual({
      resource: ROOM,
      candidates: [{ url: self.receive[0], iceCandidates: [candidate] }],
    });
    pc?.onicecandidate?.({ candidate: { ...candidate, candidate: 'candidate:2' } });
    expect(sent()).toMatchObject({ candidates: [{ iceCandidates: [{ candidate: 'candidate:2' }] }] });
  });

  test('that the offer had already are not sent again', async () => {
    const { joined, socket } = await startJoin();
    FakePeerConnection.made[0]?.onicecandidate?.({ candidate });
    socket.open();
    await settle();
    admit(
      socket,
      (self) => roomWith(self, {}),
      ({ receive: [first = ''] }) => [answerTo(first)],
    );
    await joined;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(() => socket.sent('update', ADDRESSES.conference)).toThrow();
  });

  test('are not sent for a connection that is up', async () => {
    const { socket } = await joinRoom({ bob: participant('bob') }, ({ receive: [first = ''] }) => [
      answerTo(first, bob),
    ]);
    const [pc] = FakePeerConnection.made;
    pc?.onicecandidate?.({ candidate });
    if (pc) pc.connectionState = 'connected';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(() => socket.sent('update', ADDRESSES.conference)).toThrow();
  });
});
