import { describe, expect, test } from 'vitest';
import type { DeviceStatus } from '../../src/devices/index.ts';
import { adviceOf, summaryOf, troubleOf } from './trouble.ts';

const view = (microphone: DeviceStatus, camera: DeviceStatus) => ({
  microphone: { status: microphone, isMuted: false },
  camera: { status: camera, isMuted: false },
  screen: { status: 'off' as const },
});

describe('what is wrong', () => {
  test.each([
    ['on', 'on', undefined],
    ['asking', 'off', undefined],
    ['denied', 'denied', 'Camera and microphone are blocked'],
    ['on', 'denied', 'Your camera is blocked'],
    ['missing', 'missing', 'No camera or microphone was found'],
    ['missing', 'on', 'No microphone was found'],
    ['on', 'busy', 'Your camera is in use by another program'],
    ['unplugged', 'on', 'Your microphone was unplugged'],
    ['failed', 'failed', 'Camera and microphone do not work'],
    ['busy', 'denied', 'Your microphone is in use by another program'],
  ] as const)('a microphone that is %s and a camera that is %s: %s', (microphone, camera, words) => {
    const trouble = troubleOf(view(microphone, camera));
    expect(trouble && summaryOf(trouble)).toBe(words);
  });
});

describe('what to do', () => {
  const CHROME =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const SAFARI =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

  test.each([
    [CHROME, 'the symbol left of the address'],
    [FIREFOX, 'the crossed-out camera or microphone'],
    [SAFARI, 'Settings for this Website'],
  ])('about a refusal depends on the browser', (userAgent, words) => {
    expect(adviceOf({ status: 'denied', sources: ['camera'] }, userAgent)[0]).toContain(words);
  });

  test.each(['denied', 'missing', 'busy', 'unplugged', 'failed'] as const)('is known for what is %s', (status) => {
    expect(adviceOf({ status, sources: ['microphone', 'camera'] }, CHROME).length).toBeGreaterThan(1);
  });
});
