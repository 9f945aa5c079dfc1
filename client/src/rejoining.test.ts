import { describe, expect, test, vi } from 'vitest';
import { FakePeerConnection, fakeStream } from './testing/fake-media.ts';
import {
  ADDRESSES,
  answerTo,
  connectionsPush,
  dismissal,
  type Joining,
  joining,
  offered,
  participant,
  ROOM,
  respond,
  roomUpdate,
} from './testing/fake-room.ts';
import type { FakeSocket } from './testing/fake-socket.ts';
import { answerUpdate, fakeBrowser, joinRoom, roomWith, settle } from './testing/join.ts';
import { answerReturn, NOT_HERE, openLast, resumed } from './testing/return.ts';

fakeBrowser();

const bob = { bob: participant('bob') };
const openConnections = () => FakePeerConnection.made.filter(({ closed }) => !closed).length;
const answersOf = ({ publish, receive: [first = ''] }: Joining) => [
  ...(publish ? [answerTo(publish)] : []),
  answerTo(first, ADDRESSES.hyperty('bob')),
];

/** Comes back by another socket, to a stay that is over, and asks to join. */
async function comeBack(socket: FakeSocket): Promise<FakeSocket> {
  socket.drop();
  return beToldOver();
}

async function beToldOver(): Promise<FakeSocket> {
  const next = await openLast();
  await answerReturn(next, NOT_HERE);
  return next;
}

/** Lets a joiner in again. */
async function letIn(socket: FakeSocket, version: number, others = {}): Promise<Joining> {
  const self = joining(socket);
  const value = roomWith(self, others, version);
  socket.deliver(respond(self.request, { code: 200, value, connections: answersOf(self) }));
  await settle();
  return self;
}

describe('a stay that is over while its participant was away', () => {
  test('is followed by another, with the same things', async () => {
    const { room, socket, self, events } = await joinRoom({ ...bob, carol: participant('carol') }, answersOf, {
      stream: fakeStream(),
      muted: ['camera'],
      metadata: { seat: '3' },
      create: { capacity: 4 },
    });
    socket.deliver(roomUpdate(6, `participants.${self.id}.metadata`, { seat: '4' }));
    const [before, local, publication] = [
      room.participants.get('bob'),
      room.localParticipant,
      room.localParticipant.publications.get('main'),
    ];
    events.length = 0;
    const next = await comeBack(socket);
    expect(room.state).toBe('reconnecting');
    const again = joining(next);
    expect(again.request).toMatchObject({
      from: ADDRESSES.hyperty(self.id),
      body: {
        resource: ROOM,
        identity: { name: 'Ada' },
        create: { capacity: 4 },
        muted: ['camera'],
        metadata: { seat: '4' },
      },
    });
    expect(again.publish).toBeDefined();
    expect(again.publish).not.toBe(self.publish);
    expect(again.receive).toHaveLength(3);
    await letIn(next, 2, { ...bob, dave: participant('dave') });
    expect(room.state).toBe('connected');
    expect(room.participants.get('bob')).toBe(before);
    expect(room.localParticipant).toBe(local);
    expect(local.publications.get('main')).toBe(publication);
    expect(events.filter((event) => /^(participant|publication|state)/.test(event))).toEqual([
      'stateChanged reconnecting',
      'participantUpdated self',
      'publicationRemoved carol main',
      'participantLeft carol',
      'participantJoined dave',
      'publicationAdded dave main',
      'stateChanged connected',
    ]);
    expect(before?.tracks).toHaveLength(2);
    expect(publication?.senders).toHaveLength(2);
  });

  test('goes on from a lower version', async () => {
    const { room, socket } = await joinRoom(bob);
    const next = await comeBack(socket);
    next.deliver(roomUpdate(2, 'participants.dave', participant('dave')));
    await letIn(next, 1, bob);
    next.deliver(roomUpdate(3, 'participants.bob'));
    expect([...room.participants.keys()]).toEqual(['dave']);
    next.deliver(connectionsPush(joining(next).id, 3, []));
    await vi.advanceTimersByTimeAsync(500);
    expect(() => next.sent('read', ROOM)).toThrow();
  });

  test('takes choices along that were made, and says those again that were on their way', async () => {
    const { room, socket } = await joinRoom(bob);
    room.participants.get('bob')?.publications.get('main')?.pause('video');
    const muted = room.localParticipant.mute('microphone');
    await settle();
    const next = await comeBack(socket);
    const { body } = joining(next).request;
    const choices = [{ participant: 'bob', publication: 'main', paused: ['video'] }];
    expect(body?.subscriptions).toMatchObject({ auto: true, choices });
    expect(body?.muted).toEqual(['microphone']);
    await letIn(next, 2, bob);
    expect(next.sent('update', ADDRESSES.conference).body).toEqual({ resource: ROOM, muted: ['microphone'] });
    await answerUpdate(next);
    await muted;
  });

  test('is entered with the codec that the room has by now', async () => {
    const { socket, room } = await joinRoom();
    const next = await comeBack(socket);
    const first = joining(next).request;
    next.deliver(respond(first, { code: 488, description: 'this room is H264', codec: 'H264' }));
    await settle();
    const [connection] = offered(joining(next).request);
    expect(connection?.data.connectionDescription.sdp).toContain('H264');
    await letIn(next, 1);
    expect(room.state).toBe('connected');
  });

  test.each([
    [404, 'ended'],
    [403, 'removed'],
    [409, 'replaced'],
    [423, 'locked'],
    [486, 'room-full'],
    [401, 'token-expired'],
    [400, 'connection-lost'],
  ])('ends the room if the server does not let it in again: %i is `%s`', async (code, reason) => {
    const { room, socket, events } = await joinRoom(bob, answersOf, { create: undefined } as object);
    const next = await comeBack(socket);
    expect(joining(next).request.body).not.toHaveProperty('create');
    next.deliver(respond(joining(next).request, { code, description: 'so it is' }));
    await settle();
    expect(events.at(-1)).toBe(`closed ${reason} so it is`);
    expect(room.state).toBe('closed');
    expect(openConnections()).toBe(0);
    expect(next.readyState).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is tried to be followed again when a refusal has passed', async () => {
    const { room, socket } = await joinRoom();
    const next = await comeBack(socket);
    next.deliver(respond(joining(next).request, { code: 503, description: 'no node', retryAfter: 2 }));
    await vi.advanceTimersByTimeAsync(2_000);
    await letIn(await beToldOver(), 1);
    expect(room.state).toBe('connected');
    expect(openConnections()).toBe(3);
  });

  test('is tried to be followed again when the socket is lost meanwhile', async () => {
    const { room, socket } = await joinRoom();
    (await comeBack(socket)).drop();
    await vi.advanceTimersByTimeAsync(125);
    await letIn(await beToldOver(), 1);
    expect(room.state).toBe('connected');
    expect(openConnections()).toBe(3);
  });

  test('is left if another was begun and the answer lost, and followed by one with offers that are answered', async () => {
    const { room, socket, self } = await joinRoom();
    (await comeBack(socket)).drop();
    await vi.advanceTimersByTimeAsync(125);
    const next = await openLast();
    await answerReturn(next, resumed(roomWith(self, {}, 1)));
    const leave = next.sent('delete', ADDRESSES.conference);
    next.deliver(respond(leave));
    await settle();
    await letIn(next, 3);
    expect(room.state).toBe('connected');
    expect(openConnections()).toBe(3);
  });

  test('may have to wait to be let in again, and may be refused', async () => {
    const { room, socket, self, events } = await joinRoom();
    const next = await comeBack(socket);
    next.deliver(respond(joining(next).request, { code: 202, waiting: true }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(room.state).toBe('reconnecting');
    next.deliver(dismissal(self.id, 'refused', 'not you'));
    await settle();
    expect(events.at(-1)).toBe('closed removed not you');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('who is in the room no longer, as it says', () => {
  const told: [string, (socket: FakeSocket, id: string) => Promise<void>][] = [
    [
      'by an update',
      async (socket, id) => {
        socket.deliver(roomUpdate(6, `participants.${id}`));
        await settle();
      },
    ],
    [
      'because it cannot be read any more',
      async (socket) => {
        socket.deliver(roomUpdate(7, 'status', 'closed'));
        await vi.advanceTimersByTimeAsync(500);
        socket.deliver(respond(socket.sent('read'), { code: 404, desc: 'no such room' }));
        await settle();
      },
    ],
  ];

  test.each(told)('asks whether that is so, and joins again by another socket: %s', async (_, tell) => {
    const { room, socket, self, events } = await joinRoom(bob);
    await tell(socket, self.id);
    const [keepAlive, reopen] = JSON.parse(socket.frames.at(-1) ?? '[]');
    socket.deliver([respond(keepAlive), respond(reopen, NOT_HERE)]);
    await settle();
    expect(socket.readyState).toBe(3);
    expect(room.state).toBe('reconnecting');
    await letIn(await beToldOver(), 1, bob);
    expect(room.state).toBe('connected');
    expect(events.filter((event) => event.startsWith('participant'))).toEqual([]);
  });

  test('hears of it if a moderator has removed it', async () => {
    const { socket, self, events } = await joinRoom(bob);
    socket.deliver(roomUpdate(6, `participants.${self.id}`));
    socket.deliver(dismissal(self.id, 'removed', 'enough'));
    expect(events.at(-1)).toBe('closed removed enough');
    expect(openConnections()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
