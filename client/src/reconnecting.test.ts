import { describe, expect, test, vi } from 'vitest';
import { FakePeerConnection, fakeStream } from './testing/fake-media.ts';
import {
  ADDRESSES,
  admit,
  answerTo,
  dataPush,
  dismissal,
  joining,
  participant,
  ROOM,
  respond,
  roomUpdate,
} from './testing/fake-room.ts';
import { FakeSocket } from './testing/fake-socket.ts';
import { answerUpdate, askedToJoin, fakeBrowser, joinRoom, roomWith, selfOf, settle } from './testing/join.ts';
import { answerReturn, firstFrame, goOn, NOT_HERE, openLast, resumed } from './testing/return.ts';

const page = fakeBrowser();

const bob = { bob: participant('bob') };
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;

describe('a lost socket', () => {
  test('is replaced at once: by its first frame the new one registers the same address, and goes on with the stay', async () => {
    const { room, socket, self, events } = await joinRoom(bob);
    const secret = socket.sent('create', ADDRESSES.registry).body?.value;
    socket.drop();
    expect(room.state).toBe('reconnecting');
    const next = await openLast();
    expect(next.url).toBe(socket.url);
    expect(next.frames).toHaveLength(1);
    const [registration, reopen] = firstFrame(next);
    expect(registration).toMatchObject({ type: 'create', to: ADDRESSES.registry, from: ADDRESSES.hyperty(self.id) });
    expect(registration?.body?.value).toEqual(secret);
    expect(secret).toMatchObject({ resumption: expect.stringMatching(/^[\w-]{36}$/) });
    expect(reopen).toMatchObject({
      type: 're-open',
      to: ADDRESSES.conference,
      from: ADDRESSES.hyperty(self.id),
      body: { resource: ROOM },
    });
    await answerReturn(next, resumed(roomWith(self, bob)));
    expect(room.state).toBe('connected');
    expect(events).toEqual(['stateChanged reconnecting', 'stateChanged connected']);
    expect(openConnections()).toBe(3);
  });

  test('what was missed is told of by its difference, once, and those who stayed stay the same', async () => {
    const { room, socket, self, events } = await joinRoom({ ...bob, carol: participant('carol') });
    const before = room.participants.get('bob');
    socket.drop();
    const others = { bob: participant('bob', { metadata: { hand: 'up' } }), dave: participant('dave') };
    const next = await goOn(roomWith(self, others, 9));
    next.deliver(roomUpdate(9, 'participants.carol', participant('carol')));
    expect(events).toEqual([
      'stateChanged reconnecting',
      'publicationRemoved carol main',
      'participantLeft carol',
      'participantUpdated bob',
      'metadataChanged bob',
      'participantJoined dave',
      'publicationAdded dave main',
      'stateChanged connected',
    ]);
    expect(room.participants.get('bob')).toBe(before);
  });

  test('messages of the meantime are delivered once', async () => {
    const { socket, self, events } = await joinRoom(bob);
    const missed = dataPush({ id: 'bob.2', data: 'two' }, 'bob');
    socket.deliver(dataPush({ data: 'one' }, 'bob'));
    socket.drop();
    const next = await goOn(roomWith(self, bob), [dataPush({ data: 'one' }, 'bob').body.value, missed.body.value]);
    next.deliver(missed);
    expect(events.filter((event) => event.startsWith('chat'))).toEqual(['chatMessage bob one', 'chatMessage bob two']);
  });

  test('what was asked before and meanwhile is asked when the stay goes on, in order and with the same ids', async () => {
    const { room, socket, self } = await joinRoom();
    const muted = room.localParticipant.mute('microphone');
    await settle();
    const asked = socket.sent('update', ADDRESSES.conference);
    socket.drop();
    const sent = room.sendChat('hello');
    const next = await openLast();
    expect(next.frames).toHaveLength(1);
    await answerReturn(next, resumed(roomWith(self, {})));
    const [again, chat] = JSON.parse(next.frames[1] ?? '[]');
    expect(again).toEqual(asked);
    expect(chat).toMatchObject({ type: 'create', body: { value: { data: 'hello' } } });
    await answerUpdate(next);
    await muted;
    const value = { id: `${self.id}.1`, topic: 'chat', data: 'hello', sent: '2026-01-01T00:00:00Z' };
    next.deliver(respond(chat, { code: 200, value }));
    expect(await sent).toMatchObject({ text: 'hello' });
  });

  test('what is not answered within its deadline fails, socket or not', async () => {
    const { room, socket } = await joinRoom();
    socket.drop();
    const sent = expect(room.sendChat('hello')).rejects.toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(15_000);
    await sent;
  });

  test('is tried to be replaced ever more slowly, and at once when the network is back', async () => {
    const { socket, room } = await joinRoom();
    const made = () => FakeSocket.made.length;
    socket.drop();
    const first = made();
    for (const delay of [125, 250, 500, 1_000, 2_000, 2_500, 2_500]) {
      FakeSocket.last.drop();
      const before = made();
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(made()).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(made()).toBe(before + 1);
    }
    expect(made()).toBe(first + 7);
    FakeSocket.last.drop();
    page().dispatchEvent(new Event('online'));
    expect(made()).toBe(first + 8);
    expect(room.state).toBe('reconnecting');
  });

  test('a socket that does not open in ten seconds is given up', async () => {
    const { socket } = await joinRoom();
    socket.drop();
    const hanging = FakeSocket.last;
    await vi.advanceTimersByTimeAsync(10_125);
    expect(hanging.readyState).toBe(3);
    expect(FakeSocket.last).not.toBe(hanging);
  });

  test('twice: the second time, too', async () => {
    const { room, socket, self, events } = await joinRoom(bob);
    socket.drop();
    const second = await goOn(roomWith(self, bob, 6));
    second.drop();
    await vi.advanceTimersByTimeAsync(125);
    const third = await goOn(roomWith(self, bob, 7));
    expect(new Set([socket, second, third]).size).toBe(3);
    expect(room.state).toBe('connected');
    expect(events.filter((event) => event.startsWith('participant'))).toEqual([]);
  });

  test('while it is being replaced: the next attempt says all of it again', async () => {
    const { room, socket, self } = await joinRoom(bob);
    socket.drop();
    const second = await openLast();
    second.drop();
    await vi.advanceTimersByTimeAsync(125);
    const third = await goOn(roomWith(self, bob, 7));
    expect(firstFrame(third).map(({ type }) => type)).toEqual(['create', 're-open']);
    second.deliver(respond(second.sent('re-open'), { code: 404, desc: 'too late' }));
    await settle();
    expect(room.state).toBe('connected');
  });

  test.each([429, 503])('a server that cannot take it back yet (%i) is asked again, when it says so', async (code) => {
    const { room, socket, self } = await joinRoom();
    socket.drop();
    await answerReturn(await openLast(), { code, desc: 'not now', retryAfter: 3 });
    const made = FakeSocket.made.length;
    await vi.advanceTimersByTimeAsync(2_999);
    expect(FakeSocket.made).toHaveLength(made);
    await vi.advanceTimersByTimeAsync(1);
    await goOn(roomWith(self, {}));
    expect(room.state).toBe('connected');
  });

  test.each([
    ['the stay', { code: 403, desc: 'somebody else’s' }, { code: 200 }],
    ['the address', NOT_HERE, { code: 403, desc: 'somebody else’s' }],
  ])('ends the room if %s is not given back', async (_, reopened, registered) => {
    const { socket, events } = await joinRoom();
    socket.drop();
    await answerReturn(await openLast(), reopened, registered);
    expect(events.slice(1)).toEqual(['stateChanged closed', 'closed connection-lost somebody else’s']);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('leaving without a socket', () => {
  test('leaves as soon as there is one, and ends', async () => {
    const { room, socket } = await joinRoom();
    socket.drop();
    FakeSocket.last.drop();
    const left = room.leave();
    await settle();
    const next = await openLast();
    expect(firstFrame(next).map(({ type }) => type)).toEqual(['create']);
    next.deliver(respond(next.sent('create', ADDRESSES.registry)));
    await settle();
    const [leave, unregister] = JSON.parse(next.frames[1] ?? '[]');
    expect(leave).toMatchObject({ type: 'delete', to: ADDRESSES.conference });
    next.deliver([respond(leave), respond(unregister)]);
    await left;
    expect(next.readyState).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes no longer than two seconds', async () => {
    const { room, socket, events } = await joinRoom();
    socket.drop();
    room.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events.at(-1)).toBe('closed left');
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a join whose socket is lost', () => {
  test('is asked again by the next one, with the same id', async () => {
    const { joined, socket } = await askedToJoin({ stream: fakeStream() });
    const { request } = joining(socket);
    socket.drop();
    const next = await openLast();
    await answerReturn(next, NOT_HERE);
    expect(next.sent('create', ADDRESSES.conference)).toEqual(request);
    admit(next, (self) => roomWith(self, bob));
    expect((await joined).participants.size).toBe(1);
  });

  test('is asked again if its answer was lost', async () => {
    const { joined, socket } = await askedToJoin();
    const self = joining(socket);
    socket.drop();
    const next = await openLast();
    await answerReturn(next, resumed(roomWith(self, {})));
    admit(
      next,
      () => roomWith(self, bob),
      ({ receive: [first = ''] }) => [answerTo(first, ADDRESSES.hyperty('bob'))],
    );
    const room = await joined;
    await settle();
    expect(room.participants.get('bob')?.tracks).toHaveLength(2);
  });

  test('before it could be asked is asked by the next one', async () => {
    const { joined, socket } = await askedToJoin();
    await settle();
    socket.drop();
    await answerReturn(await openLast(), NOT_HERE);
    admit(FakeSocket.last, (self) => roomWith(self, {}));
    expect((await joined).state).toBe('connected');
  });

  test('while it waits to be admitted asks anew', async () => {
    const onWaiting = vi.fn();
    const { joined, socket } = await askedToJoin({ onWaiting });
    socket.deliver(respond(joining(socket).request, { code: 202, waiting: true }));
    socket.deliver(respond(socket.sent('create', ADDRESSES.registry)));
    await settle();
    socket.drop();
    const next = await openLast();
    await answerReturn(next, NOT_HERE);
    admit(next, (self) => roomWith(self, {}));
    expect((await joined).state).toBe('connected');
  });

  test('fails at its deadline', async () => {
    const { joined, socket } = await askedToJoin();
    socket.drop();
    const failed = expect(joined).rejects.toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(15_000);
    await failed;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([429, 503])('a refusal that will pass (%i) is not the last word', async (code) => {
    const { joined, socket } = await askedToJoin();
    const { request } = joining(socket);
    socket.deliver(respond(request, { code, desc: 'later', retryAfter: 4 }));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(socket.messages.filter(({ id }) => id === request.id)).toHaveLength(2);
    admit(socket, (self) => roomWith(self, {}));
    expect((await joined).state).toBe('connected');
  });

  test('a refusal that will pass too late is', async () => {
    const { joined, socket } = await askedToJoin();
    socket.deliver(respond(joining(socket).request, { code: 503, desc: 'later', retryAfter: 20 }));
    await expect(joined).rejects.toMatchObject({ code: 'no-media-node' });
  });
});

describe('who is taken for gone though its socket lives', () => {
  test('goes on by the same socket', async () => {
    const { room, socket, self, events } = await joinRoom(bob);
    socket.deliver(roomUpdate(6, `participants.${self.id}.status`, 'disconnected'));
    const [keepAlive, reopen] = JSON.parse(socket.frames.at(-1) ?? '[]');
    expect(keepAlive).toMatchObject({ type: 'update', to: ADDRESSES.registry });
    socket.deliver([respond(keepAlive), respond(reopen, resumed(roomWith(self, bob, 7)))]);
    await settle();
    expect(room.localParticipant.status).toBe('live');
    expect(events).toEqual(['participantUpdated self', 'participantUpdated self']);
    expect(FakeSocket.last).toBe(socket);
  });

  test('says so when it is asked', async () => {
    const { socket, self } = await joinRoom();
    const node = 'hyperty://example.org/node';
    const probe = { id: 'p', type: 'read', from: node, to: ADDRESSES.hyperty(self.id) };
    socket.deliver({ ...probe, body: { resource: ROOM, attribute: 'status' } });
    expect(socket.sent('response')).toEqual({
      id: 'p',
      type: 'response',
      from: ADDRESSES.hyperty(self.id),
      to: node,
      body: { code: 200, value: 'live' },
    });
    socket.deliver({ ...probe, id: 'q', body: { resource: ADDRESSES.room('other'), attribute: 'status' } });
    expect(socket.sent('response').id).toBe('p');
  });
});

test('a room whose media have no server for now says so', async () => {
  const { room, socket, events } = await joinRoom();
  socket.deliver(roomUpdate(6, 'media', 'waiting'));
  expect(room.state).toBe('reconnecting');
  socket.deliver([roomUpdate(7, 'epoch', 2), roomUpdate(8, 'media', 'ready')]);
  expect(events).toEqual(['stateChanged reconnecting', 'stateChanged connected']);
});

test('who is dismissed while it is away hears of it at the latest when it is back', async () => {
  const { socket, self, events } = await joinRoom();
  socket.drop();
  const next = await goOn(roomWith(self, {}));
  next.deliver(dismissal(self.id, 'removed', 'enough'));
  expect(events.at(-1)).toBe('closed removed enough');
  expect(selfOf(self).status).toBe('live');
});
