import type { Pose } from '../pages/pose.ts';
import { camera, deviceList, microphone, screen } from './stand-in-devices.ts';

/*
 * Runs in the call page before its own scripts: whoever uses it looks like a person, and its devices and its browser are in the
 * state that `hyperroomPose` says (`pages/theatre.ts` writes it before this).
 */

declare const hyperroomPose: Pose;
const { name, devices = 'allowed', autoplay = 'allowed' } = hyperroomPose;

/** How browsers call what they answer. */
const REFUSALS = { denied: 'NotAllowedError', missing: 'NotFoundError', busy: 'NotReadableError' };

async function getUserMedia({ audio, video }: MediaStreamConstraints = {}): Promise<MediaStream> {
  if (devices === 'asking') return new Promise(() => {});
  if (devices !== 'allowed') throw new DOMException('as the test wants it', REFUSALS[devices]);
  return new MediaStream([...(audio ? [microphone(false)] : []), ...(video ? [camera(name)] : [])]);
}

Object.assign(navigator.mediaDevices, {
  getUserMedia,
  getDisplayMedia: async () => new MediaStream([screen()]),
  enumerateDevices: async () => (devices === 'missing' ? [] : deviceList()),
});

// The flag that lets pages play is the whole browser's: what of this page has sound neither starts by itself nor by its asking.
if (autoplay === 'blocked') {
  const { prototype } = HTMLMediaElement;
  const { play } = prototype;
  let isTouched = false;
  // The browser's own word for it, `userActivation`, is true after whatever the test asks of the page, too.
  addEventListener('pointerdown', () => (isTouched = true), true);
  prototype.play = function (this: HTMLMediaElement) {
    if (this.muted || isTouched) return play.call(this);
    return Promise.reject(new DOMException('no click as yet', 'NotAllowedError'));
  };
  Object.defineProperty(prototype, 'autoplay', { set() {} });
  prototype.setAttribute = function (this: HTMLMediaElement, name: string, value: string) {
    const set = () => Element.prototype.setAttribute.call(this, name, value);
    if (name.toLowerCase() !== 'autoplay') set();
    // That it is muted is said of it after this.
    else queueMicrotask(() => this.muted && set());
  };
}

/** What has moved without anybody having touched the page, and what has kept it busy. */
const vitals = { shift: 0, paintedAt: 0, longTasks: 0, blockedMs: 0 };

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

function watch(type: string, each: (entry: PerformanceEntry) => void): void {
  new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
}

watch('layout-shift', (entry) => {
  const { value, hadRecentInput } = entry as LayoutShift;
  if (!hadRecentInput) vitals.shift += value;
});
watch('largest-contentful-paint', ({ startTime }) => {
  vitals.paintedAt = startTime;
});
watch('longtask', ({ duration }) => {
  vitals.longTasks += 1;
  vitals.blockedMs += duration - 50;
});

Object.assign(globalThis, { hyperroomVitals: vitals });
