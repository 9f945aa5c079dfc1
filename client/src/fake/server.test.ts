import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HyperroomErrorCode } from '../errors.ts';
import type { JoinOptions } from '../hyperroom.ts';
import type { Room } from '../room.ts';
import { Syncher } from '../syncher/index.ts';
import { FakeServer } from './index.ts';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => server.close());

/** The application's own participant. */
function ada(options: Partial<JoinOptions> = {}): Promise<Room> {
  return server.client().join('standup', { name: 'Ada', create: true, ...options });
}

describe('a call', () => {
  test('two see each other, and write', async () => {
    const room = await ada({ stream: server.stream() });
    const came = room.once('participantJoined');
    const ben = await server.join('standup', { name: 'Ben' });
    await expect(came).resolves.toMatchObject([{ name: 'Ben' }]);
    const seen = room.participants.get(ben.id);
    const main = seen?.publications.get('main');
    expect([main?.isShown, main?.media, main?.sources]).toEqual([true, 'connected', ['microphone', 'camera']]);
    expect(seen?.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(ben.room.participants.get(room.localParticipant.id)?.publications.get('main')?.isShown).toBe(true);
    const written = room.once('chatMessage');
    await ben.room.sendChat('hello');
    await expect(written).resolves.toMatchObject([{ text: 'hello', name: 'Ben' }]);
  });

  test('a mute, a hand raised, a screen and a departure are told', async () => {
    const room = await ada();
    const ben = await server.join('standup', { name: 'Ben' });
    const muted = room.once('muted');
    await ben.room.localParticipant.mute('microphone');
    await expect(muted).resolves.toMatchObject(['microphone', { name: 'Ben' }, { by: 'self' }]);
    const raised = room.once('metadataChanged');
    await ben.room.localParticipant.setMetadata({ hand: 'up' });
    await expect(raised).resolves.toMatchObject([{ metadata: { hand: 'up' } }]);
    const shared = room.once('publicationAdded');
    await ben.room.localParticipant.publish(server.stream('screen'), { as: 'screen' });
    await expect(shared).resolves.toMatchObject([{ name: 'screen', sources: ['screen'] }, { name: 'Ben' }]);
    const left = room.once('participantLeft');
    await ben.room.leave();
    await expect(left).resolves.toMatchObject([{ name: 'Ben' }]);
    expect(room.participants.size).toBe(0);
  });

  test('data, channels and history', async () => {
    const room = await ada({ create: { history: 2 } });
    const ben = await server.join('standup', { name: 'Ben' });
    const moved = room.channel<number>('moves').once('message');
    await ben.room.channel<number>('moves').send(7);
    await expect(moved).resolves.toMatchObject([7, { name: 'Ben' }, { topic: 'moves' }]);
    for (const text of ['one', 'two', 'three']) await room.sendChat(text);
    const cleo = await server.join('standup', { name: 'Cleo' });
    expect((await cleo.room.history()).map(({ data }) => data)).toEqual(['two', 'three']);
    await expect(room.sendChat('psst', { to: ['nobody'] })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('only as many are shown as the room allows, and whoever is chosen first', async () => {
    const room = await ada({ create: { lastN: 1 } });
    const ben = await server.join('standup', { name: 'Ben' });
    const cleo = await server.join('standup', { name: 'Cleo' });
    const shown = () => [ben, cleo].map(({ id }) => room.participants.get(id)?.publications.get('main')?.isShown);
    expect(shown()).toEqual([true, false]);
    room.participants.get(cleo.id)?.publications.get('main')?.subscribe();
    await server.settled();
    expect(shown()).toEqual([false, true]);
  });

  test('screens are published from the beginning, or nothing is', async () => {
    const room = await ada();
    const ben = await server.join('standup', { name: 'Ben', publishes: ['camera', 'screen'] });
    const cleo = await server.join('standup', { name: 'Cleo', publishes: [] });
    const publications = (id: string) => [...(room.participants.get(id)?.publications.keys() ?? [])];
    expect([publications(ben.id), publications(cleo.id)]).toEqual([['main', 'screen'], []]);
  });
});

describe('the rules are those of the real server', () => {
  test('there is no room unless it is created', async () => {
    await expect(ada({ create: undefined })).rejects.toMatchObject({ code: 'not-found', status: 404 });
    await expect(server.join('standup', { name: 'Ben', create: undefined })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('a waiting room: knocking, being admitted, being sent away', async () => {
    const room = await ada({ create: { waitingRoom: true } });
    const waits = vi.fn();
    const knocked = room.once('waitingChanged');
    const joining = server.join('standup', { name: 'Ben', onWaiting: waits });
    await knocked;
    expect(waits).toHaveBeenCalledWith('moderator');
    const [[ben = ''] = []] = room.waiting;
    await room.moderation.admit(ben);
    await expect(joining).resolves.toMatchObject({ id: ben });
    const again = room.once('waitingChanged');
    const refused = server.join('standup', { name: 'Cleo' });
    refused.catch(() => {});
    await again;
    const [[cleo = ''] = []] = room.waiting;
    await room.moderation.refuse(cleo, { reason: 'not today' });
    await expect(refused).rejects.toMatchObject({ code: 'waiting-refused', message: 'not today' });
  });

  test('moderators block, appoint and remove; others may not', async () => {
    const room = await ada();
    const ben = await server.join('standup', { name: 'Ben' });
    await expect(ben.room.moderation.end()).rejects.toMatchObject({ code: 'forbidden' });
    await room.moderation.block(ben.id, 'microphone');
    await expect(ben.room.localParticipant.unmute('microphone')).rejects.toMatchObject({ code: 'forbidden' });
    await room.moderation.appoint(ben.id, 'moderator');
    await server.settled();
    expect(ben.room.localParticipant.role).toBe('moderator');
    const closed = ben.room.once('closed');
    await room.moderation.remove(ben.id, { reason: 'noise' });
    await expect(closed).resolves.toEqual(['removed', 'noise']);
  });

  test('a room that is full, and one that is locked', async () => {
    const room = await ada({ create: { capacity: 1 } });
    await expect(server.join('standup', { name: 'Ben' })).rejects.toMatchObject({ code: 'room-full' });
    await room.moderation.change({ capacity: 2, locked: true });
    await expect(server.join('standup', { name: 'Ben' })).rejects.toMatchObject({ code: 'locked' });
  });

  test('tokens say who somebody is, and what he may do', async () => {
    const token = server.token({ user: 'ada', name: 'Ada Lovelace', create: true, publish: ['microphone'] });
    const client = server.client({ token });
    const room = await client.join('standup', { name: 'whatever', create: true });
    expect(room.localParticipant.name).toBe('Ada Lovelace');
    await expect(room.localParticipant.publish(server.stream('camera'))).rejects.toMatchObject({ code: 'forbidden' });
    const replaced = room.once('closed');
    await client.join('standup', { name: 'again' }).then((again) => again.leave());
    await expect(replaced).resolves.toEqual(['replaced']);
    const over = server.client({ token: () => server.token({ user: 'ada', seconds: -1 }) });
    await expect(over.join('standup', { name: 'late' })).rejects.toMatchObject({ code: 'connection-refused' });
  });
});

describe('what can go wrong', () => {
  test.each<[HyperroomErrorCode & Parameters<FakeServer['refuseNext']>[0], number]>([
    ['room-full', 486],
    ['forbidden', 403],
    ['token-expired', 401],
    ['codec-unsupported', 488],
    ['locked', 423],
    ['too-fast', 429],
    ['no-media-node', 503],
    ['server-error', 500],
  ])('a join is refused: %s', async (code, status) => {
    server.refuseNext(code);
    await expect(ada()).rejects.toMatchObject({ code, status });
    await expect(ada()).resolves.toMatchObject({ state: 'connected' });
  });

  test('so is what is written, changed or moderated', async () => {
    const room = await ada();
    server.refuseNext('forbidden', 'data');
    await expect(room.sendChat('hello')).rejects.toMatchObject({ code: 'forbidden' });
    server.refuseNext('token-expired', 'moderation');
    await expect(room.moderation.change({ locked: true })).rejects.toMatchObject({ code: 'token-expired' });
    server.refuseNext('bad-request', 'update');
    await expect(room.localParticipant.setMetadata({ a: 'b' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('a lost socket: the room reconnects, and gets what it has missed', async () => {
    const room = await ada();
    const ben = await server.join('standup', { name: 'Ben' });
    const states = room.events('stateChanged');
    const back = room.once('stateChanged').then(() => room.once('stateChanged'));
    const written = room.once('chatMessage');
    server.dropSockets();
    await ben.room.sendChat('are you there?');
    await expect(back).resolves.toEqual(['connected']);
    await expect(written).resolves.toMatchObject([{ text: 'are you there?' }]);
    await room.leave();
    const seen: string[] = [];
    for await (const [state] of states) seen.push(state);
    expect(seen).toEqual(['reconnecting', 'connected', 'closed']);
  });

  test('offline: it remains so until the server is back', async () => {
    const room = await ada();
    server.goOffline();
    await server.settled();
    expect(room.state).toBe('reconnecting');
    const connected = room.once('stateChanged');
    server.goOnline();
    await expect(connected).resolves.toEqual(['connected']);
  });

  test('no media server: those in the room wait, and who joins waits too', async () => {
    const room = await ada({ stream: server.stream() });
    server.stopMedia();
    await server.settled();
    expect([room.state, room.media]).toEqual(['reconnecting', 'waiting']);
    const waits = vi.fn();
    const elsewhere = server.client().join('another', { name: 'Ben', create: true, onWaiting: waits });
    await vi.waitFor(() => expect(waits).toHaveBeenCalledWith('media'));
    server.startMedia();
    await expect(elsewhere).resolves.toMatchObject({ media: 'ready' });
    await server.settled();
    expect([room.state, room.media]).toEqual(['connected', 'ready']);
    await expect(server.join('standup', { name: 'Cleo' })).resolves.toMatchObject({ room: { state: 'connected' } });
    await (await elsewhere).leave();
  });

  test('who speaks is heard, unless muted', async () => {
    const room = await ada();
    const ben = await server.join('standup', { name: 'Ben' });
    const heard = room.once('activeSpeakersChanged');
    server.speak(ben);
    await expect(heard).resolves.toMatchObject([[{ name: 'Ben', isSpeaking: true, audioLevel: 0.5 }]]);
    const silent = room.once('activeSpeakersChanged');
    await ben.room.localParticipant.mute('microphone');
    await expect(silent).resolves.toEqual([[]]);
  });
});

test('a hyperty of its own observes a room, and reports what others observe', async () => {
  const room = await ada();
  const [one, other] = await Promise.all([server.client().connect(), server.client().connect()]);
  const observed = await new Syncher(other).subscribe<{ participants: object }>(room.url);
  expect(Object.keys(observed.data.participants)).toEqual([room.localParticipant.id]);
  const reporter = await new Syncher(one).create('', [other.url], { count: 1 }, { authorise: () => true });
  const counted = await new Syncher(other).subscribe<{ count: number }>(reporter.url);
  const changed = counted.once('change');
  reporter.update('count', 2);
  await expect(changed).resolves.toMatchObject([{ attribute: 'count', oldValue: 1, newValue: 2 }]);
  await Promise.all([one.close(), other.close()]);
});

describe('with fake timers', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What has to arrive arrives, and timers that are due run. */
  async function arrived<T>(promise: Promise<T>): Promise<T> {
    await server.settled();
    await vi.advanceTimersByTimeAsync(0);
    return promise;
  }

  test('quality is measured as time passes, and nothing is left over', async () => {
    const room = await arrived(ada({ stream: server.stream() }));
    const ben = await arrived(server.join('standup', { name: 'Ben' }));
    const seen = room.participants.get(ben.id);
    for (const quality of ['excellent', 'good', 'poor', 'lost'] as const) {
      server.setQuality(ben, quality);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(seen?.quality).toBe(quality);
    }
    server.setQuality(room.localParticipant, 'poor');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(room.localParticipant.quality).toBe('poor');
    await server.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who is away is shown as disconnected, and has left when the room gives him up', async () => {
    const room = await arrived(ada());
    const ben = await arrived(server.join('standup', { name: 'Ben' }));
    ben.goOffline();
    await server.settled();
    expect(room.participants.get(ben.id)?.status).toBe('disconnected');
    expect(room.state).toBe('connected');
    const left = room.once('participantLeft');
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(left).resolves.toMatchObject([{ name: 'Ben' }]);
    ben.goOnline();
    const back = room.once('participantJoined');
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(back).resolves.toMatchObject([{ name: 'Ben' }]);
  });

  test('a request that is not answered fails after a while', async () => {
    const room = await arrived(ada());
    server.refuseNext('timeout', 'data');
    const written = room.sendChat('hello');
    written.catch(() => {});
    await vi.advanceTimersByTimeAsync(15_000);
    await expect(written).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a server that is closed while nobody reaches it leaves nothing over either', async () => {
    const room = await arrived(ada());
    await arrived(server.join('standup', { name: 'Ben' }));
    server.goOffline();
    await vi.advanceTimersByTimeAsync(1_000);
    await server.close();
    expect(room.state).toBe('closed');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who is back in time has not left', async () => {
    const room = await arrived(ada());
    const ben = await arrived(server.join('standup', { name: 'Ben' }));
    ben.dropSockets();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(room.participants.get(ben.id)?.status).toBe('live');
  });
});

test('a server that is closed has ended what its clients have begun', async () => {
  const room = await ada({ create: { waitingRoom: true } });
  const closed = room.once('closed');
  const knocking = server.join('standup', { name: 'Ben' });
  knocking.catch(() => {});
  await room.once('waitingChanged');
  const hyperty = await server.client().connect();
  const over = hyperty.once('closed');
  await server.close();
  await expect(closed).resolves.toEqual(['left']);
  await expect(over).resolves.toEqual(['closed']);
  await expect(knocking).rejects.toThrow('the fake server is closed');
  expect('MediaStream' in globalThis).toBe(false);
});
