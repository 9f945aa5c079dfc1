import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JoinOptions } from './hyperroom.ts';
import { HIDES_AFTER } from './insight/visibility.ts';
import type { RemotePublication } from './participant.ts';
import { FakePeerConnection } from './testing/fake-media.ts';
import { FakeVideo, stubDocument } from './testing/fake-page.ts';
import { ADDRESSES, answerTo, connectionsPush, participant, publication, roomUpdate } from './testing/fake-room.ts';
import { answerUpdate, type Joined, joinRoom, settle, stubBrowser, updatesOf } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
  stubDocument();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const bob = ADDRESSES.hyperty('bob');
const carol = ADDRESSES.hyperty('carol');
const screen = publication('bob', { connection: ADDRESSES.connection('bobs-screen'), sources: ['screen'] });

/** A room with Bob, who is shown. */
function withBob(options: Partial<JoinOptions> = {}): Promise<Joined> {
  const shown = ({ receive: [first = ''] }: Joined['self']) => [answerTo(first, bob)];
  return joinRoom({ bob: participant('bob') }, shown, options);
}

function mainOf({ room }: Pick<Joined, 'room'>, id = 'bob'): RemotePublication {
  const main = room.participants.get(id)?.publications.get('main');
  if (!main) throw new Error(`${id} publishes nothing`);
  return main;
}

const subscriptions = ({ socket }: Pick<Joined, 'socket'>) =>
  updatesOf(socket).flatMap((update) => update.subscriptions ?? []);
const choice = (changes: object) => ({ participant: 'bob', publication: 'main', paused: [], ...changes });

describe('subscriptions', () => {
  test('are told, all of them, with a revision that rises', async () => {
    const joined = await withBob();
    const main = mainOf(joined);
    expect(main.isSubscribed).toBe(true);
    main.unsubscribe();
    expect(main.isSubscribed).toBe(false);
    await settle();
    await answerUpdate(joined.socket);
    main.subscribe();
    main.pause('video');
    await settle();
    expect(subscriptions(joined)).toEqual([
      { revision: 2, auto: true, choices: [choice({ subscribed: false })] },
      { revision: 4, auto: true, choices: [choice({ subscribed: true, paused: ['video'] })] },
    ]);
  });

  test('that change nothing are not told', async () => {
    const joined = await withBob();
    const main = mainOf(joined);
    main.resume();
    main.pause('audio');
    main.resume('audio');
    main.pause('audio');
    await settle();
    main.pause('audio');
    await answerUpdate(joined.socket);
    expect(subscriptions(joined)).toHaveLength(1);
    expect(main.paused).toEqual(['audio']);
  });

  test('of who joined to choose are none at first', async () => {
    const joined = await withBob({ subscribe: 'chosen' });
    expect(mainOf(joined).isSubscribed).toBe(false);
    mainOf(joined).subscribe();
    await settle();
    expect(subscriptions(joined)).toEqual([{ revision: 2, auto: false, choices: [choice({ subscribed: true })] }]);
  });

  test('that meet a passing failure are told again, newest first, those that are refused are not', async () => {
    const joined = await withBob();
    mainOf(joined).pause();
    await settle();
    mainOf(joined).resume('audio');
    await answerUpdate(joined.socket, { code: 429 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(subscriptions(joined)).toMatchObject([
      { revision: 2, choices: [{ paused: ['audio', 'video'] }] },
      { revision: 3, choices: [{ paused: ['video'] }] },
    ]);
    await answerUpdate(joined.socket, { code: 403 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(subscriptions(joined)).toHaveLength(2);
  });

  test('hold until the participant leaves, a pause until the publication ends', async () => {
    const joined = await withBob();
    const { socket } = joined;
    const main = mainOf(joined);
    main.unsubscribe();
    main.pause('video');
    await settle();
    await answerUpdate(socket);
    socket.deliver(roomUpdate(6, 'participants.bob.publications.main'));
    main.subscribe();
    main.pause();
    socket.deliver(roomUpdate(7, 'participants.bob.publications.main', publication('bob')));
    await settle();
    expect(mainOf(joined)).not.toBe(main);
    expect(mainOf(joined)).toMatchObject({ isSubscribed: false, paused: [] });
    expect(subscriptions(joined).at(-1)).toMatchObject({ choices: [choice({ subscribed: false })] });
    await answerUpdate(socket);
    socket.deliver(roomUpdate(8, 'participants.bob'));
    socket.deliver(roomUpdate(9, 'participants.bob', participant('bob')));
    expect(mainOf(joined).isSubscribed).toBe(true);
    await settle();
    expect(subscriptions(joined)).toHaveLength(2);
  });
});

test('whatever changes of how it is received is told once', async () => {
  const joined = await withBob();
  const { room, socket, self } = joined;
  const main = mainOf(joined);
  const heard: unknown[] = [];
  room.on('trackRemoved', ({ kind }) => heard.push(kind));
  room.on('subscriptionChanged', ({ name, isSubscribed, isShown, paused, isSeen }, { id }) =>
    heard.push([id, name, { isSubscribed, isShown, paused, isSeen }]),
  );
  const usual = { isSubscribed: true, isShown: true, paused: [], isSeen: true };
  const told = (changes: object) => ['bob', 'main', { ...usual, ...changes }];
  main.pause('video');
  main.pause('video');
  main.resume();
  const video = new FakeVideo();
  const detach = main.attach(video.asVideo);
  video.scroll(false);
  await vi.advanceTimersByTimeAsync(HIDES_AFTER);
  detach();
  main.unsubscribe();
  expect(heard).toEqual([
    told({ paused: ['video'] }),
    told({}),
    told({ isSeen: false }),
    told({}),
    told({ isSubscribed: false }),
  ]);
  heard.length = 0;
  socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[0] ?? '', error: 'not subscribed to' }]));
  expect(heard).toEqual(['audio', 'video', told({ isSubscribed: false, isShown: false })]);
});

test('an element that waits for a click makes the room say so', async () => {
  const joined = await withBob();
  const told = vi.fn();
  joined.room.on('playbackChanged', told);
  const video = new FakeVideo();
  video.refusal = new DOMException('play() needs a click', 'NotAllowedError');
  mainOf(joined).attach(video.asVideo);
  await settle();
  expect(joined.room.playback).toBe('blocked');
  video.refusal = undefined;
  await joined.room.startPlayback();
  expect(joined.room.playback).toBe('allowed');
  expect(told.mock.calls).toEqual([['blocked'], ['allowed']]);
});

describe('what is shown', () => {
  test('a screen beside a camera, each with its own stream', async () => {
    const { room, events } = await joinRoom(
      { bob: participant('bob', { publications: { main: publication('bob'), screen } }) },
      ({ receive: [first = '', second = ''] }) => [answerTo(first, bob, 'screen'), answerTo(second, bob)],
    );
    expect(events).toEqual([
      'trackAdded bob main audio',
      'trackAdded bob main video',
      'trackAdded bob screen audio',
      'trackAdded bob screen video',
    ]);
    const { publications, stream, tracks } = room.participants.get('bob') ?? {};
    expect(publications?.get('main')?.stream).toBe(stream);
    expect(tracks).toEqual(FakePeerConnection.made[1]?.transceivers.map(({ receiver }) => receiver.track));
    expect(publications?.get('screen')?.tracks).toHaveLength(2);
  });

  test('a connection that is switched takes its tracks along', async () => {
    const joined = await joinRoom(
      { bob: participant('bob'), carol: participant('carol') },
      ({ receive: [first = ''] }) => [answerTo(first, bob)],
    );
    const { room, socket, self, events } = joined;
    const [bobs, carols] = [mainOf(joined), mainOf(joined, 'carol')];
    const { tracks } = bobs;
    expect([bobs.isShown, carols.isShown]).toEqual([true, false]);
    const added = vi.fn();
    room.on('trackAdded', added);
    events.length = 0;
    const [url = ''] = self.receive;
    socket.deliver(connectionsPush(self.id, 5, [{ url, peer: carol, publication: 'main' }]));
    await settle();
    expect(events).toEqual([
      'trackRemoved bob main audio',
      'trackRemoved bob main video',
      'trackAdded carol main audio',
      'trackAdded carol main video',
    ]);
    expect([bobs.isShown, carols.isShown]).toEqual([false, true]);
    expect(carols.tracks).toEqual(tracks);
    expect(added.mock.calls.map(([track]) => track)).toEqual(tracks);
    // One that was sent before, and comes after.
    socket.deliver(connectionsPush(self.id, 4, [{ url, peer: bob, publication: 'main' }]));
    await settle();
    expect(carols.isShown).toBe(true);
  });

  test('a connection whose peer has left shows somebody else, if that was on its way', async () => {
    const joined = await joinRoom(
      { bob: participant('bob'), carol: participant('carol') },
      ({ receive: [first = ''] }) => [answerTo(first, bob)],
    );
    const { socket, self } = joined;
    socket.deliver(roomUpdate(6, 'participants.bob'));
    socket.deliver(connectionsPush(self.id, 5, [{ url: self.receive[0] ?? '', peer: carol, publication: 'main' }]));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(mainOf(joined, 'carol')).toMatchObject({ isShown: true });
    expect(FakePeerConnection.made[0]?.closed).toBe(false);
  });

  test('nothing of a publication that has ended, or whose connection the server takes back', async () => {
    const { room, socket, self, events } = await joinRoom(
      { bob: participant('bob', { publications: { main: publication('bob'), screen } }) },
      ({ receive: [first = '', second = ''] }) => [answerTo(first, bob, 'screen'), answerTo(second, bob)],
    );
    events.length = 0;
    socket.deliver(roomUpdate(6, 'participants.bob.publications.screen'));
    expect(events).toEqual([
      'participantUpdated bob',
      'trackRemoved bob screen audio',
      'trackRemoved bob screen video',
      'publicationRemoved bob screen',
    ]);
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[1] ?? '', error: 'not subscribed to' }]));
    expect(room.participants.get('bob')?.tracks).toEqual([]);
    expect(FakePeerConnection.made[1]?.closed).toBe(true);
  });

  test('what begins later, as soon as a connection shows it', async () => {
    const joined = await joinRoom({ bob: participant('bob', { publications: {} }) }, ({ receive }) =>
      receive.map((url) => answerTo(url)),
    );
    const { room, socket, self } = joined;
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.receive[0] ?? '', peer: bob }]));
    socket.deliver(roomUpdate(6, 'participants.bob.publications.main', publication('bob')));
    await settle();
    expect(mainOf({ room }).isShown).toBe(true);
  });

  test('the same tracks when a publication is replaced by another of its name', async () => {
    const joined = await withBob();
    const main = mainOf(joined);
    const { tracks } = main;
    joined.events.length = 0;
    const connection = ADDRESSES.connection('bobs-other');
    joined.socket.deliver(roomUpdate(6, 'participants.bob.publications.main', publication('bob', { connection })));
    expect(joined.events).toEqual(['participantUpdated bob']);
    expect(mainOf(joined)).toBe(main);
    expect(main.tracks).toEqual(tracks);
  });
});

describe('attached to an element', () => {
  test('its picture is paused while nobody can see it, without being chosen for that', async () => {
    const joined = await withBob();
    const video = new FakeVideo();
    const main = mainOf(joined);
    const detach = main.attach(video.asVideo);
    expect(video.srcObject).toBe(main.stream);
    video.scroll(true);
    await settle();
    expect(subscriptions(joined)).toEqual([]);
    video.scroll(false);
    await vi.advanceTimersByTimeAsync(HIDES_AFTER);
    expect(subscriptions(joined)).toEqual([{ revision: 2, auto: true, choices: [choice({ paused: ['video'] })] }]);
    await answerUpdate(joined.socket);
    video.scroll(true);
    await settle();
    expect(subscriptions(joined).at(-1)).toEqual({ revision: 3, auto: true, choices: [] });
    detach();
    expect(video.srcObject).toBeNull();
  });

  test('of several it is enough that one is seen, and what was paused by hand stays so', async () => {
    const joined = await withBob();
    const [tile, stage] = [new FakeVideo(), new FakeVideo()];
    const main = mainOf(joined);
    const [detachTile, detachStage] = [main.attach(tile.asVideo), main.attach(stage.asVideo)];
    stage.scroll(true);
    tile.scroll(false);
    await vi.advanceTimersByTimeAsync(HIDES_AFTER);
    expect(main.isSeen).toBe(true);
    detachStage();
    expect(main).toMatchObject({ isSeen: false, paused: [] });
    main.pause('video', 'audio');
    tile.scroll(true);
    expect(main).toMatchObject({ isSeen: true, paused: ['audio', 'video'] });
    main.resume('video');
    expect(main.paused).toEqual(['audio']);
    tile.scroll(false);
    await vi.advanceTimersByTimeAsync(HIDES_AFTER);
    await answerUpdate(joined.socket);
    const last = subscriptions(joined).at(-1);
    expect(last).toMatchObject({ choices: [choice({ paused: ['audio', 'video'] })] });
    const other = {} as MediaStream;
    tile.srcObject = other;
    detachTile();
    expect(tile.srcObject).toBe(other);
    expect(main.isSeen).toBe(true);
  });
});
