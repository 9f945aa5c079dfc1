import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeMediaStream } from '../testing/fake-media.ts';
import { FakeDevices } from './fake-devices.testing.ts';
import { LocalMedia } from './local-media.ts';

class FakeAudioContext {
  static all: FakeAudioContext[] = [];
  /** What every sample is: full scale is 1. */
  static sample = 0;
  state = 'suspended';
  connected = 0;

  constructor() {
    FakeAudioContext.all.push(this);
  }
  createAnalyser() {
    return { fftSize: 16, getFloatTimeDomainData: (samples: Float32Array) => samples.fill(FakeAudioContext.sample) };
  }
  createMediaStreamSource() {
    const connect = (by: number) => () => {
      this.connected += by;
    };
    return { connect: connect(1), disconnect: connect(-1) };
  }
  async resume(): Promise<void> {
    this.state = 'running';
  }
  async close(): Promise<void> {
    this.state = 'closed';
  }
}

const page = { hasBeenActive: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeMediaStream);
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal('navigator', { userActivation: page });
  FakeAudioContext.all = [];
  FakeAudioContext.sample = 0;
  page.hasBeenActive = true;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function opened(): Promise<LocalMedia> {
  const devices = new FakeDevices(['audioinput', 'headset'], ['audioinput', 'desk']);
  const media = new LocalMedia({ mediaDevices: devices.asMediaDevices });
  await media.open('microphone');
  return media;
}

test.each([
  ['silence', 0, 0],
  ['a whisper in a quiet room', 0.001, 0],
  ['speech', 0.0316, 0.5],
  ['full scale', 1, 1],
])('%s', async (_, sample, level) => {
  const media = await opened();
  FakeAudioContext.sample = sample;
  const heard: number[] = [];
  media.on('levelChanged', (measured) => void heard.push(measured));
  vi.advanceTimersByTime(100);
  expect(heard[0]).toBeCloseTo(level, 2);
  expect(media.level).toBe(heard[0]);
});

test('costs nothing while nobody wants to know', async () => {
  const media = await opened();
  vi.advanceTimersByTime(1_000);
  expect(FakeAudioContext.all).toHaveLength(0);
  FakeAudioContext.sample = 1;
  const stop = media.on('levelChanged', () => {});
  vi.advanceTimersByTime(100);
  stop();
  vi.advanceTimersByTime(100);
  expect(FakeAudioContext.all.map(({ state }) => state)).toEqual(['closed']);
  expect(media.level).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('waits for the first click or key where the browser does', async () => {
  page.hasBeenActive = false;
  const media = await opened();
  media.on('levelChanged', () => {});
  vi.advanceTimersByTime(100);
  expect(FakeAudioContext.all[0]?.state).toBe('suspended');
  page.hasBeenActive = true;
  vi.advanceTimersByTime(100);
  expect(FakeAudioContext.all[0]?.state).toBe('running');
});

test('measures the microphone that is on, and none that is not', async () => {
  const media = await opened();
  FakeAudioContext.sample = 1;
  media.on('levelChanged', () => {});
  await media.select('microphone', 'desk');
  expect(FakeAudioContext.all.map(({ connected }) => connected)).toEqual([1]);
  media.close('microphone');
  vi.advanceTimersByTime(100);
  expect(media.level).toBe(0);
  expect(FakeAudioContext.all.map(({ connected }) => connected)).toEqual([0]);
  media.stop();
  expect(FakeAudioContext.all.map(({ state }) => state)).toEqual(['closed']);
});
