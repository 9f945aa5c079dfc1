import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeMediaStream } from '../testing/fake-media.ts';
import { FakeDevices } from './fake-devices.testing.ts';
import { LocalMedia, type LocalMediaOptions } from './local-media.ts';

beforeEach(() => void vi.stubGlobal('MediaStream', FakeMediaStream));
afterEach(() => vi.unstubAllGlobals());

const both = () => new FakeDevices(['audioinput', 'headset'], ['videoinput', 'webcam']);

function localMedia(devices: FakeDevices, options: LocalMediaOptions = {}) {
  const media = new LocalMedia({ mediaDevices: devices.asMediaDevices, ...options });
  const seen: string[] = [];
  media.on('changed', (source) => void seen.push(`${source} ${media.state(source).status}`));
  return { media, seen };
}

/** What the browser says of permissions that were given or refused before. */
function stubPermissions(states: Record<string, PermissionState>): void {
  vi.stubGlobal('navigator', {
    permissions: { query: async ({ name }: { name: string }) => ({ state: states[name] }) },
  });
}

const statuses = (media: LocalMedia) => [media.state('microphone').status, media.state('camera').status];

describe('opening', () => {
  test('asks for both in one question, and puts them into the stream that there has been all along', async () => {
    const devices = both();
    const { media, seen } = localMedia(devices);
    const { stream } = media;
    expect(statuses(media)).toEqual(['off', 'off']);
    await media.open();
    expect(devices.asked).toEqual([
      {
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24 } },
      },
    ]);
    expect(media.stream).toBe(stream);
    expect(stream.getTracks()).toEqual(devices.tracks);
    expect(media.state('camera')).toEqual({ status: 'on', deviceId: 'webcam', label: 'the webcam' });
    expect(seen).toEqual(['microphone asking', 'camera asking', 'microphone on', 'camera on']);
  });

  test('what is on, or asked for, is not asked for again', async () => {
    const devices = both();
    const { media } = localMedia(devices);
    await Promise.all([media.open('camera'), media.open()]);
    await media.open();
    expect(devices.asked).toHaveLength(2);
    expect(statuses(media)).toEqual(['on', 'on']);
  });

  test.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['InvalidStateError', 'failed'],
  ])('what fails with %s is %s', async (name, status) => {
    const devices = both();
    devices.refusals = { video: name };
    const { media } = localMedia(devices);
    await media.open('camera');
    expect(media.state('camera')).toMatchObject({ status, error: { name } });
    expect(media.stream.getTracks()).toEqual([]);
  });

  test('is content with either', async () => {
    const devices = both();
    devices.refusals = { video: 'NotReadableError' };
    const { media } = localMedia(devices);
    await media.open();
    expect(statuses(media)).toEqual(['on', 'busy']);
    expect(media.stream.getTracks().map(({ kind }) => kind)).toEqual(['audio']);
  });

  test('does not nag whoever refused', async () => {
    stubPermissions({ microphone: 'prompt', camera: 'prompt' });
    const devices = both();
    devices.refusals = { audio: 'NotAllowedError', video: 'NotAllowedError' };
    const { media } = localMedia(devices);
    await media.open();
    expect(devices.asked).toHaveLength(1);
    expect(statuses(media)).toEqual(['denied', 'denied']);
  });

  test('asks for the microphone alone where it is the camera that is blocked for good', async () => {
    stubPermissions({ microphone: 'granted', camera: 'denied' });
    const devices = both();
    devices.refusals = { video: 'NotAllowedError' };
    const { media } = localMedia(devices);
    await media.open();
    expect(statuses(media)).toEqual(['on', 'denied']);
  });

  test('is denied to a page that is given no devices at all', async () => {
    vi.stubGlobal('navigator', {});
    const media = new LocalMedia();
    await media.open();
    expect(statuses(media)).toEqual(['denied', 'denied']);
  });

  test('takes the devices that were chosen before, or else others', async () => {
    const devices = both();
    devices.plugIn('audioinput', 'desk');
    const { media } = localMedia(devices, { devices: { microphone: 'desk', camera: 'long gone' } });
    expect(media.state('microphone')).toEqual({ status: 'off', deviceId: 'desk' });
    await media.open();
    expect(media.state('microphone').deviceId).toBe('desk');
    expect(media.state('camera').deviceId).toBe('webcam');
  });

  test('that is taken back is no use any more when the user answers', async () => {
    const devices = both();
    devices.isSlow = true;
    const { media } = localMedia(devices);
    const opened = media.open('camera');
    media.close('camera');
    devices.answer();
    await opened;
    expect(media.state('camera').status).toBe('off');
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true]);
    expect(media.stream.getTracks()).toEqual([]);
  });
});

describe('what is on', () => {
  test('is given back by close, and by stop', async () => {
    const devices = both();
    const { media } = localMedia(devices);
    await media.open();
    media.close('camera');
    expect(media.state('camera')).toEqual({ status: 'off', deviceId: 'webcam' });
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([false, true]);
    media.stop();
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true, true]);
    await media.open();
    expect(statuses(media)).toEqual(['on', 'on']);
  });

  test('falls back to another device of its kind when it is unplugged, muted as it was', async () => {
    const devices = both();
    devices.plugIn('audioinput', 'desk');
    const { media, seen } = localMedia(devices);
    await media.open('microphone');
    await media.mute('microphone');
    devices.unplug('headset');
    await vi.waitFor(() => expect(media.state('microphone')).toMatchObject({ status: 'on', deviceId: 'desk' }));
    expect(media.stream.getTracks().map(({ enabled }) => enabled)).toEqual([false]);
    expect(seen).not.toContain('microphone unplugged');
  });

  test('is unplugged when there is no other', async () => {
    const devices = both();
    const { media } = localMedia(devices);
    await media.open();
    devices.unplug('webcam');
    await vi.waitFor(() => expect(statuses(media)).toEqual(['on', 'unplugged']));
    expect(media.stream.getTracks().map(({ kind }) => kind)).toEqual(['audio']);
    devices.plugIn('videoinput', 'webcam');
    await media.open();
    expect(statuses(media)).toEqual(['on', 'on']);
  });

  test('is denied when its permission is taken back', async () => {
    const devices = both();
    const { media } = localMedia(devices);
    await media.open('camera');
    devices.refusals = { video: 'NotAllowedError' };
    devices.tracks[0]?.end();
    await vi.waitFor(() => expect(media.state('camera').status).toBe('denied'));
  });
});

describe('selecting', () => {
  test('of one that is off is for later', async () => {
    const devices = both();
    devices.plugIn('videoinput', 'document camera');
    const { media } = localMedia(devices);
    await media.select('camera', 'document camera');
    expect(devices.asked).toEqual([]);
    await media.open('camera');
    expect(media.state('camera').deviceId).toBe('document camera');
  });

  test('exchanges what is on, and gives the other back', async () => {
    const devices = both();
    devices.plugIn('videoinput', 'document camera');
    const { media } = localMedia(devices);
    await media.open('camera');
    await media.select('camera', 'document camera');
    expect(devices.newest('video').deviceId).toEqual({ exact: 'document camera' });
    expect(media.state('camera')).toMatchObject({ status: 'on', deviceId: 'document camera' });
    expect(devices.tracks.map(({ isStopped }) => isStopped)).toEqual([true, false]);
  });

  test('keeps what is on where the other cannot be had, and says so', async () => {
    const { media } = localMedia(both());
    await media.open('camera');
    await media.select('camera', 'long gone');
    expect(media.state('camera')).toMatchObject({
      status: 'on',
      deviceId: 'webcam',
      error: { name: 'OverconstrainedError' },
    });
  });

  test('gives the first back before where the system lends only one at a time', async () => {
    const devices = both();
    devices.plugIn('videoinput', 'back');
    const { media } = localMedia(devices);
    await media.open('camera');
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      if (!devices.tracks[0]?.isStopped) throw new DOMException('one at a time', 'NotReadableError');
      return open(constraints);
    };
    await media.select('camera', 'back');
    expect(media.state('camera')).toEqual({ status: 'on', deviceId: 'back', label: 'the back' });
  });

  test('opens what could not be opened', async () => {
    const devices = both();
    devices.refusals = { video: 'NotReadableError' };
    const { media } = localMedia(devices);
    await media.open('camera');
    devices.refusals = {};
    await media.select('camera', 'webcam');
    expect(media.state('camera').status).toBe('on');
  });

  test('of two, the later counts', async () => {
    const devices = both();
    devices.plugIn('videoinput', 'second');
    devices.plugIn('videoinput', 'third');
    const { media } = localMedia(devices);
    await media.open('camera');
    await Promise.all([media.select('camera', 'second'), media.select('camera', 'third')]);
    expect(media.state('camera').deviceId).toBe('third');
    expect(devices.tracks.filter(({ isStopped }) => !isStopped)).toHaveLength(1);
  });
});

describe('muting', () => {
  test('lasts from before the opening, and keeps the devices open', async () => {
    const { media, seen } = localMedia(both());
    await media.mute('microphone');
    await media.open();
    expect(media.muted).toEqual(['microphone']);
    expect(media.stream.getTracks().map(({ enabled }) => enabled)).toEqual([false, true]);
    seen.length = 0;
    await media.unmute('microphone');
    await media.mute('camera');
    await media.mute('camera');
    expect(media.muted).toEqual(['camera']);
    expect(media.stream.getTracks().map(({ enabled }) => enabled)).toEqual([true, false]);
    expect(seen).toEqual(['microphone on', 'camera on']);
  });
});

describe('the lists of devices', () => {
  test('follow what is plugged in and out, without what the browser does not tell of yet', async () => {
    const devices = new FakeDevices(['audioinput', ''], ['videoinput', 'webcam'], ['audiooutput', 'loudspeaker']);
    const media = new LocalMedia({ mediaDevices: devices.asMediaDevices });
    const ids = () => [media.microphones, media.cameras, media.speakers].map((list) => list.map((d) => d.deviceId));
    expect(ids()).toEqual([[], [], []]);
    await media.once('devicesChanged');
    expect(ids()).toEqual([[], ['webcam'], ['loudspeaker']]);
    const next = media.once('devicesChanged');
    devices.plugIn('audioinput', 'headset');
    await next;
    expect(ids()[0]).toEqual(['headset']);
    media.stop();
    devices.unplug('headset');
    await Promise.resolve();
    expect(ids()[0]).toEqual(['headset']);
  });
});
