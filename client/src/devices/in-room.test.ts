import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeTrack } from '../testing/fake-media.ts';
import { ADDRESSES, answerTo, dismissal, offered, participant, publication, roomUpdate } from '../testing/fake-room.ts';
import type { FakeSocket } from '../testing/fake-socket.ts';
import { answerUpdate, joinRoom, settle, stubBrowser, updatesOf } from '../testing/join.ts';
import { FakeDevices } from './fake-devices.testing.ts';
import { stepsTo } from './following.ts';
import { LocalMedia } from './local-media.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubBrowser();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Somebody in a room with these devices, which the room follows. */
async function joined(...open: ('microphone' | 'camera')[]) {
  const devices = new FakeDevices(['audioinput', 'headset'], ['audioinput', 'desk'], ['videoinput', 'webcam']);
  const media = new LocalMedia({ mediaDevices: devices.asMediaDevices });
  if (open.length > 0) await media.open(...open);
  const { room, socket, self } = await joinRoom(
    {},
    ({ publish }) => (publish === undefined ? [] : [answerTo(publish)]),
    open.length > 0 ? { stream: media.stream } : {},
  );
  const stop = media.follow(room);
  return { devices, media, room, socket, self, stop, local: room.localParticipant };
}

/** Answers what was offered last, as the media server does. */
async function accept(socket: FakeSocket): Promise<void> {
  const url = newestOffer(socket);
  await answerUpdate(socket, { code: 200 }, [answerTo(url)]);
}

const newestOffer = (socket: FakeSocket) => offered(socket.sent('update', ADDRESSES.conference))[0]?.url ?? '';

describe('the way from what is published to what there is', () => {
  const [audio, video, other] = [new FakeTrack('audio'), new FakeTrack('video'), new FakeTrack('video')].map(
    ({ asTrack }) => asTrack,
  );
  if (!audio || !video || !other) throw new Error('three tracks');
  const main = { sources: ['microphone', 'camera'], tracks: [audio, video] };
  test.each([
    ['nothing, and nothing', undefined, [], []],
    ['something new', undefined, [audio], [{ does: 'publish' }]],
    ['the same', main, [audio, video], []],
    ['another camera', main, [audio, other], [{ does: 'replace', source: 'camera', track: other }]],
    ['one source less', main, [audio], [{ does: 'publish' }]],
    ['one source more', { sources: ['microphone'], tracks: [audio] }, [audio, video], [{ does: 'publish' }]],
    ['nothing any more', main, [], [{ does: 'unpublish' }]],
  ])('%s', (_, published, tracks, steps) => {
    expect(stepsTo(published, tracks)).toEqual(steps);
  });
});

describe('a room that is followed', () => {
  test('is sent nothing anew that it was joined with', async () => {
    const { socket } = await joined('microphone', 'camera');
    await settle();
    expect(updatesOf(socket)).toEqual([]);
  });

  test('is sent what is opened, as muted as it is there', async () => {
    const { media, socket, local } = await joined();
    void media.mute('microphone');
    await settle();
    await answerUpdate(socket);
    const opened = media.open('microphone');
    await settle();
    await opened;
    await accept(socket);
    expect(local.publications.get('main')?.sources).toEqual(['microphone']);
    expect(local.publications.get('main')?.tracks.map(({ enabled }) => enabled)).toEqual([false]);
  });

  test('gets another device without a word to the server', async () => {
    const { media, socket, local } = await joined('microphone', 'camera');
    await media.select('microphone', 'desk');
    await settle();
    expect(local.publications.get('main')?.senders.map(({ track }) => track)).toEqual(
      media.stream.getTracks().reverse(),
    );
    expect(updatesOf(socket)).toEqual([]);
  });

  test('gets what takes the place of an unplugged device', async () => {
    const { media, devices, socket, local } = await joined('microphone');
    devices.unplug('headset');
    await settle();
    expect(media.state('microphone')).toMatchObject({ status: 'on', deviceId: 'desk' });
    expect(local.publications.get('main')?.senders.map(({ track }) => track)).toEqual(media.stream.getTracks());
    expect(updatesOf(socket)).toEqual([]);
  });

  test('is no longer told of a camera that is unplugged, nor of anything when all is closed', async () => {
    const { media, devices, socket, self, local } = await joined('microphone', 'camera');
    devices.unplug('webcam');
    await settle();
    const main = publication(self.id, { connection: newestOffer(socket), sources: ['microphone'] });
    socket.deliver(roomUpdate(6, `participants.${self.id}.publications`, { main }));
    await accept(socket);
    expect(local.publications.get('main')?.sources).toEqual(['microphone']);
    media.close();
    await settle();
    await answerUpdate(socket);
    expect(local.publications.size).toBe(0);
  });

  test('says why it did not get something, and is not asked again for the same', async () => {
    const { media, socket } = await joined();
    await media.open('camera');
    await settle();
    await answerUpdate(socket, { code: 403, description: 'moderators only' });
    expect(media.state('camera')).toMatchObject({ status: 'on', error: { code: 'forbidden' } });
    await settle();
    expect(updatesOf(socket)).toHaveLength(1);
  });

  test('tells the others of muting, and this page of a moderator’s', async () => {
    const { media, room, socket, self } = await joined('microphone');
    const muting = media.mute('microphone');
    expect(media.stream.getTracks().map(({ enabled }) => enabled)).toEqual([false]);
    await settle();
    expect(updatesOf(socket)).toEqual([{ muted: ['microphone'] }]);
    await answerUpdate(socket);
    await muting;
    const unmuting = media.unmute();
    await settle();
    expect(media.isMuted('microphone')).toBe(true);
    await answerUpdate(socket);
    await unmuting;
    expect(media.isMuted('microphone')).toBe(false);
    const blocked = participant(self.id, { blocked: ['microphone'], publications: { main: publication(self.id) } });
    socket.deliver(roomUpdate(6, `participants.${self.id}`, blocked));
    await settle();
    expect(room.localParticipant.isBlocked('microphone')).toBe(true);
    expect(media.muted).toEqual(['microphone']);
    await expect(media.unmute('microphone')).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is left alone once it is followed no longer, or closed', async () => {
    const { media, socket, self, stop } = await joined('microphone');
    stop();
    media.close('microphone');
    await settle();
    expect(updatesOf(socket)).toEqual([]);
    const { media: another, socket: its, self: she } = await joined('microphone');
    its.deliver(dismissal(she.id, 'removed'));
    await settle();
    await another.mute();
    another.close('microphone');
    await settle();
    expect(updatesOf(its)).toEqual([]);
    expect(self.id).not.toBe(she.id);
  });
});

describe('a shared screen', () => {
  test('is captured as long as the room has it', async () => {
    const { media, devices, room, socket, local } = await joined();
    const sharing = media.shareScreen(room);
    await settle();
    expect(devices.asked.at(-1)).toEqual({ video: { frameRate: { max: 15 } }, audio: true });
    await accept(socket);
    expect(await sharing).toBe(true);
    expect(media.state('screen')).toEqual({ status: 'on', label: 'the a window' });
    const unpublished = local.unpublish('screen');
    await settle();
    await answerUpdate(socket);
    await unpublished;
    expect(media.state('screen')).toEqual({ status: 'off' });
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true]);
  });

  test('ends with close, and is taken out of the room', async () => {
    const { media, devices, room, socket, local } = await joined();
    const sharing = media.shareScreen(room, { audio: false });
    await settle();
    await accept(socket);
    await sharing;
    media.close('screen');
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true]);
    await settle();
    expect(updatesOf(socket).at(-1)).toEqual({ unpublish: ['screen'] });
    await answerUpdate(socket);
    expect(local.publications.size).toBe(0);
  });

  test('ends with the room', async () => {
    const { media, devices, room, socket, self } = await joined();
    const sharing = media.shareScreen(room);
    await settle();
    await accept(socket);
    await sharing;
    socket.deliver(dismissal(self.id, 'removed'));
    await settle();
    expect(media.state('screen').status).toBe('off');
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true]);
  });

  test.each([
    ['NotAllowedError', 'off'],
    ['NotReadableError', 'busy'],
  ])('that the browser answers with %s is %s', async (name, status) => {
    const { media, devices, room } = await joined();
    devices.refusals = { screen: name };
    expect(await media.shareScreen(room)).toBe(false);
    expect(media.state('screen').status).toBe(status);
  });

  test('that the room does not take is captured no longer', async () => {
    const { media, devices, room, socket } = await joined();
    const sharing = media.shareScreen(room);
    await settle();
    await answerUpdate(socket, { code: 403, description: 'no screens' });
    expect(await sharing).toBe(false);
    expect(media.state('screen')).toMatchObject({ status: 'failed', error: { code: 'forbidden' } });
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true]);
  });
});
