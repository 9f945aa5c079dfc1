import type { Connection, Participant, PublicationName } from '@hyperroom/protocol';
import { describe, expect, test, vi } from 'vitest';
import { delayAfter } from '../backoff.ts';
import type { JoinOptions } from '../hyperroom.ts';
import { FakePeerConnection, FakeTrack, fakeStream } from '../testing/fake-media.ts';
import {
  ADDRESSES,
  answerTo,
  connectionsPush,
  participant,
  publication,
  type RoomChanges,
  respond,
  roomObject,
  roomUpdate,
} from '../testing/fake-room.ts';
import type { FakeSocket } from '../testing/fake-socket.ts';
import { answerUpdate, fakeBrowser, type Joined, joinRoom, selfOf, settle, updatesOf } from '../testing/join.ts';
import { goOn } from '../testing/return.ts';
import { LIMIT, SHOWING } from './hand-over.ts';
import { CONNECTING, PACE, PATIENCE } from './plan.ts';

const { longest: LONGEST } = PACE;

const page = fakeBrowser(1);

const bob = ADDRESSES.hyperty('bob');

/** What has been offered after the join, newest last. */
const offers = (socket: FakeSocket) => updatesOf(socket).flatMap(({ connections = [] }) => connections as Connection[]);
const newest = (socket: FakeSocket): Connection => {
  const offer = offers(socket).at(-1);
  if (!offer) throw new Error('nothing was offered');
  return offer;
};

/** The peer connection that a connection's offer comes from. */
function pcOf(offer: Connection | undefined): FakePeerConnection {
  const pc = FakePeerConnection.made.find(
    ({ localDescription }) => localDescription?.sdp === offer?.data.connectionDescription.sdp,
  );
  if (!pc) throw new Error('no such connection');
  return pc;
}

const made = (index: number): FakePeerConnection => {
  const pc = FakePeerConnection.made[index];
  if (!pc) throw new Error('no such connection');
  return pc;
};

async function become(pc: FakePeerConnection, state: RTCPeerConnectionState): Promise<void> {
  pc.become(state);
  await settle();
}

/** Proves, whenever it is asked, that it is no socket's fault. */
function proves(socket: FakeSocket): void {
  const send = socket.send.bind(socket);
  socket.send = (frame) => {
    send(frame);
    const asked = [JSON.parse(frame)].flat().filter(({ type, to }) => type === 're-open' || to === ADDRESSES.registry);
    const answers = asked.map((request) => respond(request, { code: request.type === 're-open' ? 429 : 200 }));
    if (answers.length > 0) queueMicrotask(() => socket.deliver(answers));
  };
}

/** In a room, publishing; everybody in it is shown, and all connections stand. */
async function inRoom(
  others: Record<string, Participant> = {},
  options: Partial<JoinOptions> = {},
  changes: RoomChanges = {},
): Promise<Joined> {
  const joined = await joinRoom(
    others,
    ({ publish, receive }) => [
      ...(publish ? [answerTo(publish)] : []),
      ...receive.map((url, index) => answerTo(url, others[Object.keys(others)[index] ?? '']?.hypertyURL)),
    ],
    options,
    changes,
  );
  for (const pc of FakePeerConnection.made) pc.become('connected');
  proves(joined.socket);
  await vi.advanceTimersByTimeAsync(100);
  joined.events.length = 0;
  return joined;
}

const publishing = (options: Partial<JoinOptions> = {}) => inRoom({}, { stream: fakeStream(), ...options });
const watching = () => inRoom({ bob: participant('bob') });

describe('a publication whose transport has failed', () => {
  test('is published anew as it is at the moment, and nobody hears of it', async () => {
    const { room, socket, self, events } = await inRoom({}, { stream: fakeStream() }, { options: { maxBitrate: 800 } });
    const { localParticipant: me } = room;
    const camera = new FakeTrack('video');
    await me.replaceTrack('microphone', null);
    await me.replaceTrack('camera', camera.asTrack);
    me.mute('camera');
    await settle();
    await answerUpdate(socket);
    events.length = 0;
    await become(made(0), 'failed');
    expect(newest(socket).data).toMatchObject({ direction: 'publish', publication: 'main' });
    expect(newest(socket).data.replaces).toBeUndefined();
    const next = pcOf(newest(socket));
    expect(next.transceivers.map(({ kind, sender }) => [kind, sender.track])).toEqual([
      ['audio', null],
      ['video', camera],
    ]);
    expect(camera.enabled).toBe(false);
    const { url } = newest(socket);
    socket.deliver(
      roomUpdate(6, `participants.${self.id}.publications.main`, publication(self.id, { connection: url })),
    );
    await answerUpdate(socket, { code: 200, version: 6 }, [answerTo(url)]);
    expect(next.transceivers[1]?.sender.parameters.encodings).toEqual([{ maxBitrate: 800_000 }]);
    await become(next, 'connected');
    expect([made(0).closed, next.closed]).toEqual([true, false]);
    expect(me.publications.get('main')).toMatchObject({ sources: ['microphone', 'camera'], tracks: [camera] });
    expect(me.publications.get('main')?.senders).toEqual(next.transceivers.map(({ sender }) => sender));
    expect(events).toEqual(['participantUpdated self']);
    expect(offers(socket)).toHaveLength(1);
  });

  test('goes on by the old connection until the server has noticed the new one', async () => {
    const { room, socket } = await publishing();
    page().dispatchEvent(new Event('online'));
    await settle();
    const [offer] = offers(socket);
    await answerUpdate(socket, { code: 200, version: 6 }, [answerTo(offer?.url ?? '')]);
    const other = new FakeTrack('video');
    await room.localParticipant.replaceTrack('camera', other.asTrack);
    expect([made(0), pcOf(offer)].map(({ transceivers }) => transceivers[1]?.sender.track)).toEqual([other, other]);
    await become(pcOf(offer), 'connected');
    await vi.advanceTimersByTimeAsync(SHOWING - 100);
    expect(made(0).closed).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(made(0).closed).toBe(true);
  });

  test.each([
    ['is not in time again', PATIENCE, 1],
    ['is', PATIENCE - 100, 0],
  ])('for a moment is replaced if it %s', async (_, duration, count) => {
    const { socket } = await publishing();
    await become(made(0), 'disconnected');
    await vi.advanceTimersByTimeAsync(duration);
    await become(made(0), 'connected');
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(offers(socket)).toHaveLength(count);
  });

  test('or does not connect at all, is replaced', async () => {
    const { socket } = await publishing();
    await become(made(0), 'connecting');
    await vi.advanceTimersByTimeAsync(CONNECTING - 1);
    expect(offers(socket)).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(offers(socket)).toHaveLength(1);
  });

  test('as the server sees it, is replaced, but not for what it says of an earlier connection', async () => {
    const { socket, self } = await publishing();
    socket.deliver(roomUpdate(6, `participants.${self.id}.publications.main.media`, 'failed'));
    await settle();
    const { url } = newest(socket);
    await answerUpdate(socket, { code: 200, version: 8 }, [answerTo(url)]);
    await become(pcOf(newest(socket)), 'connected');
    socket.deliver(roomUpdate(7, `participants.${self.id}.metadata`, { hand: 'up' }));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(offers(socket)).toHaveLength(1);
  });

  test('is tried again for as long as it takes, though the room knows it no longer, or not yet', async () => {
    const { room, socket, self, events } = await publishing();
    await become(made(0), 'failed');
    for (let round = 0; round < 20; round += 1) {
      const { url } = newest(socket);
      const listed = publication(self.id, { connection: url });
      socket.deliver(roomUpdate(6 + 2 * round, `participants.${self.id}.publications.main`, listed));
      await answerUpdate(socket, { code: 200 }, [{ url, error: 'no endpoint to be had' }]);
      socket.deliver(roomUpdate(7 + 2 * round, `participants.${self.id}.publications.main`));
      await vi.advanceTimersByTimeAsync(LONGEST);
      expect(offers(socket)).toHaveLength(round + 2);
    }
    expect(room.localParticipant.publications.size).toBe(1);
    expect(events).not.toContain('publicationRemoved self main');
    expect(FakePeerConnection.made.filter(({ closed }) => !closed)).toHaveLength(5);
  });

  test('is tried again when the server wants, and when a request is not answered', async () => {
    const { socket } = await publishing();
    await become(made(0), 'failed');
    await answerUpdate(socket, { code: 503, retryAfter: 5 });
    // What the room knows of may be the attempt: it is too late to do without.
    await become(made(0), 'connected');
    await vi.advanceTimersByTimeAsync(4_900);
    expect(offers(socket)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(offers(socket)).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(15_000 + LONGEST);
    expect(offers(socket).length).toBeGreaterThan(2);
  });

  test('ends if it is not allowed any more', async () => {
    const { room, socket, events } = await publishing();
    await become(made(0), 'failed');
    await answerUpdate(socket, { code: 403 });
    expect(updatesOf(socket).at(-1)).toEqual({ unpublish: ['main'] });
    await answerUpdate(socket, { code: 200, version: 6 });
    expect(events).toEqual(['publicationRemoved self main']);
    expect(room.localParticipant.publications.size).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(offers(socket)).toHaveLength(1);
  });

  test('is repaired in turn with what the application does', async () => {
    const { room, socket } = await publishing();
    const ended = room.localParticipant.unpublish('main');
    await settle();
    await become(made(0), 'failed');
    expect(offers(socket)).toEqual([]);
    await answerUpdate(socket);
    await ended;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(offers(socket)).toEqual([]);
  });

  test('waits while the server is out of reach', async () => {
    const { socket } = await publishing();
    socket.drop();
    const { length } = FakePeerConnection.made;
    await become(made(0), 'failed');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(FakePeerConnection.made).toHaveLength(length);
  });

  test('is published again if a late offer has won over a later one', async () => {
    const { socket, self } = await publishing();
    const connection = ADDRESSES.connection('late');
    socket.deliver(roomUpdate(6, `participants.${self.id}.publications.main`, publication(self.id, { connection })));
    await settle();
    expect(newest(socket).data).toMatchObject({ direction: 'publish', publication: 'main' });
  });
});

describe('what the application publishes', () => {
  test('is offered again while the reason against it passes', async () => {
    const { room, socket } = await publishing();
    const screen = room.localParticipant.publish(fakeStream(['video']), { as: 'screen' });
    await settle();
    await answerUpdate(socket, { code: 503, retryAfter: 4 });
    await vi.advanceTimersByTimeAsync(3_900);
    expect(offers(socket)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    await answerUpdate(socket, { code: 200 }, [answerTo(newest(socket).url)]);
    expect(await screen).toMatchObject({ name: 'screen' });
  });

  test('is given up when it has taken as long as a request may', async () => {
    const { room, socket } = await publishing();
    const refused = expect(room.localParticipant.publish(fakeStream(), { as: 'screen' })).rejects.toMatchObject({
      code: 'no-media-node',
    });
    for (let second = 0; second < 15; second += 6) {
      await settle();
      await answerUpdate(socket, { code: 503, retryAfter: 6 });
      await vi.advanceTimersByTimeAsync(6_000);
    }
    await refused;
    expect(offers(socket)).toHaveLength(3);
  });

  test('of another name holds no repair up', async () => {
    const { room, socket } = await publishing();
    room.localParticipant.publish(fakeStream(['video']), { as: 'screen' }).catch(() => {});
    await settle();
    await become(made(0), 'failed');
    expect(offers(socket).map(({ data }) => data.publication)).toEqual(['screen', 'main']);
  });
});

describe('a publication that the room lists though nothing sends it', () => {
  const listed = ({ socket, self }: Joined, version: number, name: PublicationName, connection = 'late') =>
    socket.deliver(
      roomUpdate(
        version,
        `participants.${self.id}.publications.${name}`,
        publication(self.id, { connection: ADDRESSES.connection(connection), media: 'connecting' }),
      ),
    );
  const unlisted = ({ socket, self }: Joined, version: number, name: PublicationName) =>
    socket.deliver(roomUpdate(version, `participants.${self.id}.publications.${name}`));
  const takenBack = ({ socket }: Joined) => updatesOf(socket).filter(({ unpublish }) => unpublish).length;

  test('is taken back, once publishing it has come to nothing', async () => {
    const joined = await publishing();
    const { room, socket } = joined;
    const published = room.localParticipant.publish(fakeStream(['video']), { as: 'screen' });
    const rejected = expect(published).rejects.toMatchObject({ code: 'timeout' });
    await settle();
    listed(joined, 6, 'screen');
    await vi.advanceTimersByTimeAsync(14_900);
    expect(takenBack(joined)).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    await rejected;
    expect(updatesOf(socket).at(-1)).toEqual({ unpublish: ['screen'] });
    expect(room.localParticipant.publications.size).toBe(1);
  });

  test('is taken back when it comes late, for as long as it takes, one request at a time', async () => {
    const joined = await publishing();
    listed(joined, 6, 'screen');
    for (let round = 1; round < 6; round += 1) {
      await settle();
      expect(takenBack(joined)).toBe(round);
      listed(joined, 6 + round, 'screen', `late-${round}`);
      await settle();
      expect(takenBack(joined)).toBe(round);
      await answerUpdate(joined.socket, { code: 500 });
      await vi.advanceTimersByTimeAsync(delayAfter(round, PACE, 1) - 1);
      expect(takenBack(joined)).toBe(round);
      await vi.advanceTimersByTimeAsync(1);
    }
    await answerUpdate(joined.socket, { code: 200, version: 20 });
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(takenBack(joined)).toBe(6);
  });

  test('is left alone as long as the room is behind what took it back', async () => {
    const joined = await publishing();
    const ended = joined.room.localParticipant.unpublish('main');
    await settle();
    await answerUpdate(joined.socket, { code: 200, version: 6 });
    await ended;
    await vi.advanceTimersByTimeAsync(20);
    unlisted(joined, 6, 'main');
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(takenBack(joined)).toBe(1);
  });

  test('is sent again if it is published here: what the browser could not make use of was let go of', async () => {
    const joined = await inRoom({}, { stream: fakeStream() }, { options: { maxBitrate: 800 } });
    const { room, socket, self, events } = joined;
    socket.deliver(connectionsPush(self.id, 6, [{ url: self.publish ?? '', error: 'gone' }]));
    await settle();
    expect(offers(socket)).toEqual([]);
    socket.deliver(roomUpdate(6, `participants.${self.id}.metadata`, { hand: 'up' }));
    await settle();
    expect(newest(socket).data).toMatchObject({ direction: 'publish', publication: 'main' });
    listed(joined, 7, 'main', newest(socket).url.split('/').at(-1));
    await answerUpdate(socket, { code: 200, version: 7 }, [answerTo(newest(socket).url)]);
    const next = pcOf(newest(socket));
    await become(next, 'connected');
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(offers(socket)).toHaveLength(1);
    expect(room.localParticipant.publications.get('main')?.senders).toEqual(
      next.transceivers.map(({ sender }) => sender),
    );
    expect(next.transceivers[1]?.sender.parameters.encodings).toEqual([{ maxBitrate: 800_000 }]);
    expect(events).not.toContain('publicationRemoved self main');
  });

  test('is found by who comes back', async () => {
    const joined = await publishing();
    const { self, socket } = joined;
    socket.drop();
    await settle();
    const stray = publication(self.id, { connection: ADDRESSES.connection('late') });
    const me = selfOf(self);
    const again = await goOn(
      roomObject(9, { [self.id]: { ...me, publications: { ...me.publications, screen: stray } } }),
    );
    await settle();
    expect(updatesOf(again)).toEqual([{ unpublish: ['screen'] }]);
  });
});

describe('a connection that shows somebody', () => {
  test('is replaced at one moment: when the next one shows the same', async () => {
    const { room, socket, events } = await watching();
    const main = room.participants.get('bob')?.publications.get('main');
    const { tracks } = main ?? {};
    made(0).receive('audio', 'video');
    await become(made(0), 'failed');
    const offer = newest(socket);
    expect(offer.data).toMatchObject({ direction: 'receive', replaces: expect.stringContaining('connection://') });
    await answerUpdate(socket, { code: 200 }, [answerTo(offer.url, bob)]);
    const next = pcOf(offer);
    await become(next, 'connected');
    next.receive('audio');
    await vi.advanceTimersByTimeAsync(500);
    expect(main?.tracks).toEqual(tracks);
    expect(events).toEqual([]);
    next.receive('video');
    await vi.advanceTimersByTimeAsync(100);
    expect(main?.tracks).toEqual(next.transceivers.map(({ receiver }) => receiver.track));
    expect(events).toEqual([
      'trackRemoved bob main audio',
      'trackRemoved bob main video',
      'trackAdded bob main audio',
      'trackAdded bob main video',
    ]);
    expect(made(0).closed).toBe(true);
  });

  test('is let go of in the end, whatever the next one shows', async () => {
    const { socket } = await watching();
    made(0).receive('audio', 'video');
    await become(made(0), 'failed');
    const offer = newest(socket);
    await answerUpdate(socket, { code: 200 }, [answerTo(offer.url, bob)]);
    await become(pcOf(offer), 'connected');
    await vi.advanceTimersByTimeAsync(SHOWING - 100);
    expect(made(0).closed).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(made(0).closed).toBe(true);
  });

  test('is taken from at once if the server lets go of it', async () => {
    const { room, socket, self } = await watching();
    made(0).receive('audio');
    await become(made(0), 'failed');
    const offer = newest(socket);
    await answerUpdate(socket, { code: 200 }, [answerTo(offer.url, bob)]);
    socket.deliver(connectionsPush(self.id, 5, [{ url: self.receive[0] ?? '', error: 'replaced' }]));
    await settle();
    expect(room.participants.get('bob')?.tracks).toEqual(
      pcOf(offer).transceivers.map(({ receiver }) => receiver.track),
    );
  });

  test('is measured once while there are two', async () => {
    const { room, socket } = await watching();
    await become(made(0), 'failed');
    const offer = newest(socket);
    await answerUpdate(socket, { code: 200 }, [answerTo(offer.url, bob)]);
    const asked = vi.spyOn(pcOf(offer), 'getStats');
    await room.getStats();
    expect(asked).not.toHaveBeenCalled();
  });

  test('none yet, is replaced as well, and not counted twice', async () => {
    const { socket, self } = await watching();
    await become(made(1), 'failed');
    const offer = newest(socket);
    expect(offer.data.replaces).toBe(self.receive[1]);
    await answerUpdate(socket, { code: 200 }, [answerTo(offer.url)]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(made(1).closed).toBe(true);
    expect(offers(socket)).toHaveLength(1);
  });

  test('that is not here is replaced if the server believes in it', async () => {
    const { socket, self } = await watching();
    const gone = ADDRESSES.connection('gone');
    socket.deliver(connectionsPush(self.id, 5, [{ url: gone, peer: bob, publication: 'main' }]));
    await settle();
    expect(offers(socket)).toMatchObject([{ data: { direction: 'receive', replaces: gone } }]);
    await answerUpdate(socket, { code: 200 }, [answerTo(newest(socket).url, bob)]);
    await become(pcOf(newest(socket)), 'connected');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(offers(socket)).toHaveLength(1);
  });
});

describe('another network', () => {
  test('has everything replaced that is in use, however often it changes no more than once a second', async () => {
    const { socket } = await inRoom({ bob: participant('bob') }, { stream: fakeStream() });
    page().dispatchEvent(new Event('online'));
    await settle();
    expect(updatesOf(socket)).toHaveLength(1);
    expect(offers(socket).map(({ data }) => data.direction)).toEqual(['publish', 'receive', 'receive', 'receive']);
    await answerUpdate(
      socket,
      { code: 200 },
      offers(socket).map(({ url }) => answerTo(url)),
    );
    for (let change = 0; change < 9; change += 1) {
      page().dispatchEvent(new Event('online'));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(offers(socket)).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(100);
    expect(offers(socket)).toHaveLength(8);
  });

  test('is none of a connection that was left', async () => {
    const { room, socket } = await publishing();
    room.leave();
    await settle();
    page().dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(offers(socket)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('when the media of the room begin anew', () => {
  const epoch = (version: number, to: number) => roomUpdate(version, 'epoch', to);
  const receiving = (socket: FakeSocket) => offers(socket).filter(({ data }) => data.direction === 'receive');

  test('everything is offered again, and goes over one by one', async () => {
    const { room, socket, self, events } = await inRoom({ bob: participant('bob') }, { stream: fakeStream() });
    room.participants.get('bob')?.publications.get('main')?.pause('video');
    await settle();
    await answerUpdate(socket);
    made(1).receive('audio');
    const { tracks } = room.participants.get('bob') ?? {};
    const before = updatesOf(socket).length;
    socket.deliver(epoch(6, 2));
    await settle();
    const updates = updatesOf(socket).slice(before);
    expect(updates).toHaveLength(3);
    expect(updates.find(({ subscriptions }) => subscriptions)).toMatchObject({
      subscriptions: { revision: 3, choices: [{ paused: ['video'] }] },
    });
    expect(offers(socket).filter(({ data }) => data.direction === 'publish')).toHaveLength(1);
    expect(receiving(socket).every(({ data }) => data.replaces === undefined)).toBe(true);
    // Spare ones of what is over are of no use.
    expect(FakePeerConnection.made.slice(0, 4).map(({ closed }) => closed)).toEqual([false, false, true, true]);

    const [pool] = receiving(socket);
    socket.deliver(connectionsPush(self.id, 6, [answerTo(pool?.url ?? '', bob)]));
    await settle();
    expect(room.participants.get('bob')?.tracks).toEqual(tracks);
    await become(pcOf(pool), 'connected');
    pcOf(pool).receive('audio');
    events.length = 0;
    await vi.advanceTimersByTimeAsync(100);
    expect(events.slice(0, 4)).toEqual([
      'trackRemoved bob main audio',
      'trackRemoved bob main video',
      'trackAdded bob main audio',
      'trackAdded bob main video',
    ]);
    expect(made(1).closed).toBe(true);
  });

  test('what is published goes on for a while where others may still receive it: they are to see no gap', async () => {
    const { socket, self } = await publishing();
    socket.deliver(epoch(6, 2));
    await settle();
    const [offer] = offers(socket).filter(({ data }) => data.direction === 'publish');
    const { url } = offer ?? { url: '' };
    await answerUpdate(socket, { code: 200, version: 6 }, [answerTo(url)]);
    const connected = publication(self.id, { connection: url, media: 'connected' });
    socket.deliver(roomUpdate(7, `participants.${self.id}.publications.main`, connected));
    await become(pcOf(offer), 'connected');
    await vi.advanceTimersByTimeAsync(SHOWING - 200);
    expect(made(0).closed).toBe(false);
    await vi.advanceTimersByTimeAsync(400);
    expect(made(0).closed).toBe(true);
  });

  test('what is on its way to what is over is not waited for', async () => {
    const { socket } = await publishing();
    await become(made(0), 'failed');
    const [stale] = offers(socket);
    const request = socket.sent('update', ADDRESSES.conference);
    socket.deliver(epoch(6, 2));
    await settle();
    const fresh = offers(socket).filter(({ data }) => data.direction === 'publish');
    expect(fresh).toHaveLength(2);
    const answers = {
      code: 200,
      resource: request.body?.resource,
      version: 5,
      connections: [answerTo(stale?.url ?? '')],
    };
    socket.deliver(respond(request, answers));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(pcOf(fresh[1]).closed).toBe(false);
    expect(offers(socket).filter(({ data }) => data.direction === 'publish')).toHaveLength(2);
  });

  test('nothing is asked for as long as there is no media server', async () => {
    const { socket } = await inRoom({ bob: participant('bob') }, { stream: fakeStream() });
    socket.deliver(roomUpdate(6, 'media', 'waiting'));
    for (const pc of FakePeerConnection.made) pc.become('failed');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(updatesOf(socket)).toEqual([]);
    socket.deliver(epoch(7, 2));
    socket.deliver(roomUpdate(8, 'media', 'ready'));
    await settle();
    expect(offers(socket).map(({ data }) => data.direction)).toContain('publish');
    expect(receiving(socket).length).toBeGreaterThan(0);
  });

  test('what nobody shows again goes in the end', async () => {
    const { room, socket } = await watching();
    socket.deliver(epoch(6, 2));
    await vi.advanceTimersByTimeAsync(LIMIT);
    await become(made(0), 'failed');
    await vi.advanceTimersByTimeAsync(LIMIT - 1_000);
    expect(room.participants.get('bob')?.tracks).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(room.participants.get('bob')?.tracks).toEqual([]);
  });
});
