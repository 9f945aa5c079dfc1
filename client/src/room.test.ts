import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LINGER } from './connection-controller.ts';
import { FakePeerConnection } from './testing/fake-media.ts';
import {
  ADDRESSES,
  admit,
  answerTo,
  connectionsPush,
  dismissal,
  joining,
  participant,
  publication,
  ROOM,
  respond,
  roomUpdate,
} from './testing/fake-room.ts';
import { askedToJoin, joinRoom, roomWith, settle, stubBrowser } from './testing/join.ts';

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

describe('roster', () => {
  test('those who come, change and go are told of', async () => {
    const { room, socket, events } = await joinRoom();
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob', { publications: {} })));
    socket.deliver(roomUpdate(7, 'participants.bob', participant('bob', { status: 'disconnected' })));
    expect(room.participants.get('bob')?.status).toBe('disconnected');
    socket.deliver(roomUpdate(8, 'participants.bob'));
    expect(events).toEqual([
      'participantJoined bob',
      'participantUpdated bob',
      'publicationAdded bob main',
      'publicationRemoved bob main',
      'participantLeft bob',
    ]);
    expect(room.participants.size).toBe(0);
  });

  test('updates in any order, doubled, make the same roster', async () => {
    const { room, socket, events } = await joinRoom();
    const left = roomUpdate(8, 'participants.bob');
    const came = roomUpdate(6, 'participants.bob', participant('bob'));
    const carolCame = roomUpdate(7, 'participants.carol', participant('carol'));
    for (const update of [left, left, carolCame, came, came]) socket.deliver(update);
    expect([...room.participants.keys()]).toEqual(['carol']);
    expect(events).toEqual(['participantJoined carol', 'publicationAdded carol main']);
  });

  test('updates that come before the answer to the join are not lost', async () => {
    const { joined, socket } = await askedToJoin();
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob')));
    admit(socket, (self) => roomWith(self, {}));
    expect([...(await joined).participants.keys()]).toEqual(['bob']);
  });

  test('a gap is closed by reading the room', async () => {
    const { room, socket, self } = await joinRoom();
    socket.deliver(roomUpdate(7, 'participants.bob.publications.main.media', 'failed'));
    await vi.advanceTimersByTimeAsync(500);
    const read = socket.sent('read', ROOM);
    socket.deliver(respond(read, { code: 200, value: roomWith(self, { bob: participant('bob') }, 7) }));
    await settle();
    expect([...room.participants.keys()]).toEqual(['bob']);
  });

  test('an update that is none changes nothing', async () => {
    const { room, socket } = await joinRoom({ bob: participant('bob') });
    const { body, ...message } = roomUpdate(6, 'participants.bob');
    for (const nonsense of [{}, { ...body, attribute: 7 }, { ...body, version: '6' }, { ...body, operation: 'swap' }]) {
      socket.deliver({ ...message, body: nonsense });
    }
    expect(room.participants.size).toBe(1);
    socket.deliver(roomUpdate(6, 'participants.bob'));
    expect(room.participants.size).toBe(0);
  });

  test('a listener that throws disturbs neither the others nor the room', async () => {
    const { room, socket, events } = await joinRoom();
    const uncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    room.on('participantJoined', () => {
      throw new Error('a fault of the application');
    });
    const heard = vi.fn();
    room.on('participantJoined', heard);
    const stop = room.on('participantLeft', heard);
    stop();
    const silent = participant('bob', { publications: {} });
    socket.deliver([roomUpdate(6, 'participants.bob', silent), roomUpdate(7, 'participants.bob')]);
    expect(uncaught.mock.calls[0]?.[0]).toThrow('a fault of the application');
    uncaught.mockRestore();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(events).toEqual(['participantJoined bob', 'participantLeft bob']);
  });
});

describe('media', () => {
  test('answers in the join show those who publish already; spares show nobody', async () => {
    const { room, events } = await joinRoom({ bob: participant('bob') }, ({ receive: [first = '', second = ''] }) => [
      answerTo(second),
      answerTo(first, bob),
    ]);
    expect(events).toEqual(['trackAdded bob main audio', 'trackAdded bob main video']);
    expect(room.participants.get('bob')?.stream.getTracks()).toHaveLength(2);
    expect(FakePeerConnection.made.filter(({ remoteDescription }) => remoteDescription)).toHaveLength(2);
  });

  test('only what a participant publishes is shown, as soon as it does', async () => {
    const voice = participant('bob', { publications: { main: publication('bob', { sources: ['microphone'] }) } });
    const { socket, events } = await joinRoom({ bob: voice }, ({ receive: [first = ''] }) => [answerTo(first, bob)]);
    expect(events).toEqual(['trackAdded bob main audio']);
    socket.deliver(roomUpdate(6, 'participants.bob.publications.main.sources', ['microphone', 'camera']));
    socket.deliver(roomUpdate(7, 'participants.bob.publications.main.sources', ['camera']));
    expect(events).toContain('trackAdded bob main video');
    expect(events.at(-1)).toBe('trackRemoved bob main audio');
    expect(events).not.toContain('trackRemoved bob main video');
  });

  test('a spare put to use after the roster heard of its peer', async () => {
    const { socket, self, events } = await joinRoom({}, ({ receive: [first = ''] }) => [answerTo(first)]);
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob')));
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[0] ?? '', peer: bob }]));
    await settle();
    expect(events).toEqual([
      'participantJoined bob',
      'publicationAdded bob main',
      'trackAdded bob main audio',
      'trackAdded bob main video',
    ]);
  });

  test('a spare put to use before the roster has heard of its peer, with the refill in the same push', async () => {
    const { socket, self, events } = await joinRoom({}, ({ receive: [first = ''] }) => [answerTo(first)]);
    const push = [{ url: self.receive[0] ?? '', peer: bob }, answerTo(self.receive[1] ?? '')];
    socket.deliver(connectionsPush(self.id, 6, push));
    socket.deliver(connectionsPush(self.id, 6, push));
    await settle();
    expect(events).toEqual([]);
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob')));
    await settle();
    expect(events).toEqual([
      'participantJoined bob',
      'publicationAdded bob main',
      'trackAdded bob main audio',
      'trackAdded bob main video',
    ]);
    expect(FakePeerConnection.made.map((pc) => pc.remoteDescription !== null)).toEqual([true, true, false]);
  });

  test('a push for somebody who has left already closes the connection', async () => {
    const { socket, self, events } = await joinRoom({}, ({ receive: [first = ''] }) => [answerTo(first)]);
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob')));
    socket.deliver(roomUpdate(7, 'participants.bob'));
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[0] ?? '', peer: bob }]));
    await settle();
    expect(events.at(-1)).toBe('participantLeft bob');
    await vi.advanceTimersByTimeAsync(LINGER);
    expect(FakePeerConnection.made[0]?.closed).toBe(true);
  });

  test('a push before the answer to the join', async () => {
    const { joined, socket } = await askedToJoin();
    const self = joining(socket);
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[0] ?? '', peer: bob }]));
    socket.deliver(roomUpdate(6, 'participants.bob', participant('bob')));
    admit(
      socket,
      (self) => roomWith(self, {}),
      ({ receive: [first = ''] }) => [answerTo(first)],
    );
    const room = await joined;
    await settle();
    expect(room.participants.get('bob')?.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });

  test('pushes of anybody but the conference, or about another room, are ignored', async () => {
    const { socket, self, events } = await joinRoom({ bob: participant('bob') }, ({ receive: [first = ''] }) => [
      answerTo(first),
    ]);
    const push = connectionsPush(self.id, 5, [{ url: self.receive[0] ?? '', peer: bob }]);
    socket.deliver({ ...push, from: carol });
    socket.deliver({ ...push, body: { ...push.body, resource: ADDRESSES.room('another') } });
    await settle();
    expect(events).toEqual([]);
  });

  test('who leaves takes his tracks and his connection with him', async () => {
    const { socket, events } = await joinRoom({ bob: participant('bob') }, ({ receive: [first = ''] }) => [
      answerTo(first, bob),
    ]);
    events.length = 0;
    socket.deliver(roomUpdate(6, 'participants.bob'));
    expect(events).toEqual([
      'trackRemoved bob main audio',
      'trackRemoved bob main video',
      'publicationRemoved bob main',
      'participantLeft bob',
    ]);
    await vi.advanceTimersByTimeAsync(LINGER);
    expect(FakePeerConnection.made[0]?.closed).toBe(true);
  });

  test('connections that the server or the browser cannot use are closed', async () => {
    await joinRoom({}, ({ receive: [first = '', second = ''] }) => [
      { url: first, error: 'no good' },
      {
        url: second,
        connectionDescription: { type: 'answer', sdp: answerTo('unusable').connectionDescription?.sdp ?? '' },
      },
    ]);
    expect(FakePeerConnection.made.slice(0, 3).map(({ closed }) => closed)).toEqual([true, true, false]);
  });
});

test('what is awaited of a room that closes is the last event, or nothing', async () => {
  const { room, socket, self } = await joinRoom();
  const [closed, states, muted] = [room.once('closed'), room.events('stateChanged'), room.once('muted')];
  socket.deliver(dismissal(self.id, 'removed', 'noise'));
  await expect(closed).resolves.toEqual(['removed', 'noise']);
  await expect(muted).rejects.toMatchObject({ code: 'connection-lost' });
  const heard: string[] = [];
  for await (const [state] of states) heard.push(state);
  expect(heard).toEqual(['closed']);
});
