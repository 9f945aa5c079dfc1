import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JoinOptions } from './hyperroom.ts';
import { FakePeerConnection, FakeTrack, fakeStream } from './testing/fake-media.ts';
import { ADDRESSES, answerTo, offered, participant, publication, respond, roomUpdate } from './testing/fake-room.ts';
import type { FakeSocket } from './testing/fake-socket.ts';
import { answerUpdate, joinRoom, selfOf, settle, stubBrowser, updatesOf } from './testing/join.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const join = (options: Partial<JoinOptions> = {}, maxBitrate = 800) =>
  joinRoom({}, ({ publish }) => (publish === undefined ? [] : [answerTo(publish)]), options, {
    options: { maxBitrate },
  });
const newest = () => FakePeerConnection.made.at(-1);
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    ({ code }) => code,
  );

/** Answers what was offered last, as the media server does. */
async function publishes(socket: FakeSocket): Promise<string> {
  const url = offered(socket.sent('update', ADDRESSES.conference))[0]?.url ?? '';
  await answerUpdate(socket, { code: 200 }, [answerTo(url)]);
  return url;
}

describe('publishing', () => {
  test('what a join brings is published, and limited to what the room allows', async () => {
    const tracks = [new FakeTrack('audio'), new FakeTrack('video')];
    const { room } = await join({ stream: fakeStream(tracks) });
    const main = room.localParticipant.publications.get('main');
    expect(main).toMatchObject({ name: 'main', sources: ['microphone', 'camera'], media: 'connected' });
    expect(main?.stream).toBe(room.localParticipant.stream);
    expect(room.localParticipant.tracks).toEqual(tracks);
    expect(FakePeerConnection.made[0]?.transceivers[1]?.sender.parameters.encodings).toEqual([{ maxBitrate: 800_000 }]);
  });

  test('begins after a join without, screen and main side by side', async () => {
    const { room, socket, self, events } = await join();
    expect(room.localParticipant.publications.size).toBe(0);
    const main = room.localParticipant.publish(fakeStream(['audio']));
    const screen = room.localParticipant.publish(fakeStream(['video']), { as: 'screen', maxBitrate: 500 });
    await settle();
    const requests = socket.messages.filter(({ type }) => type === 'update');
    expect(requests.map(offered)).toMatchObject([
      [{ data: { direction: 'publish', publication: 'main' } }],
      [{ data: { direction: 'publish', publication: 'screen' } }],
    ]);
    const [mainUrl = '', screenUrl = ''] = requests.map((request) => offered(request)[0]?.url);
    for (const [request, url] of [
      [requests[0], mainUrl],
      [requests[1], screenUrl],
    ] as const) {
      const answer = { code: 200, resource: room.url, version: 5, connections: [answerTo(url)] };
      if (request) socket.deliver(respond(request, answer));
    }
    expect(await main).toMatchObject({ name: 'main', sources: ['microphone'], media: 'connecting' });
    expect(await screen).toMatchObject({ name: 'screen', sources: ['screen'] });
    expect(newest()?.transceivers[0]?.sender.parameters.encodings).toEqual([{ maxBitrate: 500_000 }]);
    expect(events).toEqual(['publicationAdded self main', 'publicationAdded self screen']);
    const published = { main: publication(self.id, { connection: mainUrl, sources: ['microphone'] }) };
    socket.deliver(roomUpdate(6, `participants.${self.id}.publications`, published));
    expect((await main).media).toBe('connected');
  });

  test.each([
    ['refused', { code: 403, description: 'no screen' }, [], 'forbidden'],
    ['unanswered', { code: 200 }, [{ url: 'connection://example.org/another' }], 'server-error'],
  ])('that is %s leaves nothing', async (_, body, connections, code) => {
    const { room, socket, events } = await join();
    const publishing = outcome(room.localParticipant.publish(fakeStream(), { as: 'screen' }));
    await settle();
    await answerUpdate(socket, body, connections);
    expect(await publishing).toBe(code);
    expect(newest()?.closed).toBe(true);
    expect(room.localParticipant.publications.size).toBe(0);
    expect(events).toEqual([]);
  });

  test('that the media server cannot answer rejects with its words', async () => {
    const { room, socket } = await join();
    const publishing = room.localParticipant.publish(fakeStream());
    await settle();
    const [{ url = '' } = {}] = offered(socket.sent('update'));
    const rejected = expect(publishing).rejects.toMatchObject({ message: 'no such codec' });
    await answerUpdate(socket, { code: 200 }, [{ url, error: 'no such codec' }]);
    await rejected;
    expect(newest()?.closed).toBe(true);
  });

  test('of nothing is refused', async () => {
    const { room } = await join();
    expect(await outcome(room.localParticipant.publish(fakeStream([])))).toBe('bad-request');
  });

  test('anew replaces what was published, whichever of response and room comes first', async () => {
    const { room, socket, self, events } = await join({ stream: fakeStream(['audio']) });
    const before = room.localParticipant.publications.get('main');
    const again = room.localParticipant.publish(fakeStream());
    await settle();
    const [{ url = '' } = {}] = offered(socket.sent('update'));
    const main = publication(self.id, { connection: url });
    socket.deliver(roomUpdate(6, `participants.${self.id}.publications.main`, main));
    expect(FakePeerConnection.made[0]?.closed).toBe(false);
    await publishes(socket);
    expect(await again).toBe(before);
    expect(before).toMatchObject({ sources: ['microphone', 'camera'] });
    expect(room.localParticipant.tracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(FakePeerConnection.made[0]?.closed).toBe(false);
    newest()?.become('connected');
    await settle();
    expect(FakePeerConnection.made[0]?.closed).toBe(true);
    expect(events.filter((event) => event.startsWith('publication'))).toEqual([]);
  });

  test('ends: the server is told first', async () => {
    const stream = fakeStream();
    const { room, socket, events } = await join({ stream });
    const ended = room.localParticipant.unpublish('main');
    await settle();
    expect(updatesOf(socket).at(-1)).toEqual({ unpublish: ['main'] });
    expect(FakePeerConnection.made[0]?.closed).toBe(false);
    await answerUpdate(socket, { code: 200, version: 6 });
    await ended;
    expect(FakePeerConnection.made[0]?.closed).toBe(true);
    expect(room.localParticipant.tracks).toEqual([]);
    expect(stream.getTracks()).toHaveLength(2);
    expect(events).toEqual(['publicationRemoved self main']);
    await room.localParticipant.unpublish('main');
    expect(updatesOf(socket)).toHaveLength(1);
  });

  test('ends when the room says so', async () => {
    const { room, socket, self, events } = await join({ stream: fakeStream() });
    socket.deliver(roomUpdate(6, `participants.${self.id}`, selfOf(self)));
    expect(room.localParticipant.publications.size).toBe(1);
    socket.deliver(roomUpdate(7, `participants.${self.id}.publications.main`));
    expect(events).toContain('publicationRemoved self main');
    expect(FakePeerConnection.made[0]?.closed).toBe(true);
  });

  test('of a screen ends when the user ends it in the browser, of a camera it does not', async () => {
    const [camera, picture] = [new FakeTrack('video'), new FakeTrack('video')];
    const { room, socket } = await join({ stream: fakeStream([camera]) });
    room.localParticipant.publish(fakeStream([picture]), { as: 'screen' });
    await settle();
    await publishes(socket);
    camera.end();
    await settle();
    expect(updatesOf(socket)).toHaveLength(1);
    picture.end();
    await settle();
    expect(updatesOf(socket).at(-1)).toEqual({ unpublish: ['screen'] });
  });
});

describe('another track', () => {
  test('is sent from a source without a word to anybody', async () => {
    const { room, socket } = await join({ stream: fakeStream() });
    const camera = new FakeTrack('video');
    await room.localParticipant.replaceTrack('camera', camera.asTrack);
    expect(FakePeerConnection.made[0]?.transceivers.map(({ sender }) => sender.track)).toEqual([
      expect.objectContaining({ kind: 'audio' }),
      camera,
    ]);
    expect(room.localParticipant.tracks).toContain(camera);
    expect(room.localParticipant.tracks).toHaveLength(2);
    await room.localParticipant.replaceTrack('microphone', null);
    expect(room.localParticipant.tracks).toEqual([camera]);
    expect(room.localParticipant.publications.get('main')?.sources).toEqual(['microphone', 'camera']);
    expect(updatesOf(socket)).toEqual([]);
  });

  test('cannot come from a source that is not published', async () => {
    const { room } = await join({ stream: fakeStream(['audio']) });
    const track = new FakeTrack('video').asTrack;
    expect(await outcome(room.localParticipant.replaceTrack('camera', track))).toBe('not-found');
    expect(await outcome(room.localParticipant.replaceTrack('screen', track))).toBe('not-found');
  });
});

describe('muting', () => {
  test('silences at once, and tells', async () => {
    const { room, socket, events } = await join({ stream: fakeStream() });
    const [microphone, camera] = room.localParticipant.tracks;
    const muted = room.localParticipant.mute('microphone');
    expect([microphone?.enabled, camera?.enabled]).toEqual([false, true]);
    expect(room.localParticipant.isMuted('microphone')).toBe(true);
    await settle();
    expect(updatesOf(socket)).toEqual([{ muted: ['microphone'] }]);
    await answerUpdate(socket);
    await muted;
    const unmuted = room.localParticipant.unmute('microphone');
    await settle();
    expect(microphone?.enabled).toBe(false);
    expect(updatesOf(socket).at(-1)).toEqual({ muted: [] });
    await answerUpdate(socket);
    await unmuted;
    expect(microphone?.enabled).toBe(true);
    expect(events).toEqual(['muted self microphone self', 'unmuted self microphone self']);
  });

  test('lasts for what is published and replaced later', async () => {
    const { room, socket } = await join({ muted: ['camera'] });
    const [audio, video, other] = [new FakeTrack('audio'), new FakeTrack('video'), new FakeTrack('video')];
    room.localParticipant.publish(fakeStream([audio, video]));
    await settle();
    await publishes(socket);
    await room.localParticipant.replaceTrack('camera', other.asTrack);
    expect([audio.enabled, video.enabled, other.enabled]).toEqual([true, false, false]);
  });

  test('again, while unmuting is on its way, leaves it muted', async () => {
    const { room, socket } = await join({ stream: fakeStream(), muted: ['microphone'] });
    room.localParticipant.unmute('microphone');
    room.localParticipant.mute('microphone');
    await settle();
    expect(updatesOf(socket)).toEqual([{ muted: [] }]);
    await answerUpdate(socket);
    expect(updatesOf(socket).at(-1)).toEqual({ muted: ['microphone'] });
    expect(room.localParticipant.tracks[0]?.enabled).toBe(false);
  });

  test('that fails keeps silent all the same', async () => {
    const { room, socket } = await join({ stream: fakeStream() });
    const muted = outcome(room.localParticipant.mute('microphone'));
    await settle();
    await answerUpdate(socket, { code: 429 });
    expect(await muted).toBe('too-fast');
    expect(room.localParticipant.tracks[0]?.enabled).toBe(false);
  });

  test('by a moderator cannot be undone', async () => {
    const { room, socket, self, events } = await join({ stream: fakeStream() });
    socket.deliver(roomUpdate(6, `participants.${self.id}.blocked`, ['microphone']));
    expect(events).toContain('muted self microphone moderator');
    expect(room.localParticipant.isBlocked('microphone')).toBe(true);
    expect(await outcome(room.localParticipant.unmute('camera', 'microphone'))).toBe('forbidden');
    expect(updatesOf(socket)).toEqual([]);
    socket.deliver(roomUpdate(7, `participants.${self.id}.blocked`, []));
    expect(events).toContain('unmuted self microphone moderator');
  });
});

test('metadata: what changes is sent, and what cannot be is refused', async () => {
  const { room, socket, self, events } = await join();
  const set = room.localParticipant.setMetadata({ hand: 'up', seat: null });
  await settle();
  expect(updatesOf(socket)).toEqual([{ metadata: { hand: 'up', seat: null } }]);
  await answerUpdate(socket);
  await set;
  socket.deliver(
    roomUpdate(6, `participants.${self.id}`, participant(self.id, { publications: {}, metadata: { hand: 'up' } })),
  );
  expect(room.localParticipant.metadata).toEqual({ hand: 'up' });
  expect(events).toContain('metadataChanged self');
  const refused = outcome(room.localParticipant.setMetadata({ '': 'x' }));
  await settle();
  await answerUpdate(socket, { code: 400, description: 'metadata: a key is empty' });
  expect(await refused).toBe('bad-request');
});
