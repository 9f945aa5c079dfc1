// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { FakeDevices } from '../devices/fake-devices.testing.ts';
import { LocalMedia } from '../devices/index.ts';
import { fakeBrowser } from '../testing/join.ts';
import { useDevices, useLocalMedia, useMicrophoneLevel, Video } from './index.ts';
import { doing, mount, stubReact } from './testing/mount.tsx';

fakeBrowser();
stubReact();

/** Renders a hook: `results` has what it gave each time. */
async function rendering<T>(hook: () => T) {
  const results: T[] = [];
  function User() {
    results.push(hook());
    return null;
  }
  await mount(<User />);
  return { results, newest: () => results.at(-1) };
}

function localMedia() {
  const devices = new FakeDevices(['audioinput', 'headset'], ['videoinput', 'webcam']);
  return { devices, media: new LocalMedia({ mediaDevices: devices.asMediaDevices }) };
}

test('media go from off to on, to muted, to what became of them', async () => {
  const { devices, media } = localMedia();
  devices.refusals = { audio: 'NotReadableError' };
  const { newest, results } = await rendering(() => useLocalMedia(media));
  expect(newest()).toEqual({
    microphone: { status: 'off', isMuted: false },
    camera: { status: 'off', isMuted: false },
    screen: { status: 'off' },
  });
  await doing(() => media.open());
  expect(newest()).toMatchObject({ microphone: { status: 'busy' }, camera: { status: 'on', deviceId: 'webcam' } });
  const { microphone } = newest() ?? {};
  await doing(() => media.mute('camera'));
  expect(newest()?.camera).toMatchObject({ status: 'on', isMuted: true });
  expect(newest()?.microphone).toBe(microphone);
  const { length } = results;
  await doing(() => media.mute('camera'));
  expect(results).toHaveLength(length);
});

test('devices come and go', async () => {
  const { devices, media } = localMedia();
  const { newest } = await rendering(() => useDevices(media));
  await doing(() => media.open());
  await doing(() => devices.plugIn('videoinput', 'telescope'));
  expect(newest()?.cameras.map(({ deviceId }) => deviceId)).toEqual(['webcam', 'telescope']);
  expect(newest()?.microphones.map(({ label }) => label)).toEqual(['the headset']);
});

test('the level of what is off is none', async () => {
  const { newest } = await rendering(() => useMicrophoneLevel(localMedia().media));
  expect(newest()).toBe(0);
});

test('a look at oneself is a mirror, and silent', async () => {
  const { media } = localMedia();
  const { element } = await mount(<Video publication={media} mirror className="preview" style={{ width: '10px' }} />);
  const video = element.querySelector('video');
  expect(video).toMatchObject({ srcObject: media.stream, muted: true, className: 'preview' });
  expect(video?.style.transform).toBe('scaleX(-1)');
  expect(video?.style.width).toBe('10px');
});
