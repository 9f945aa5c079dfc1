import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { receivedLevel, sentLevel } from './level.ts';
import { reportOf } from './stats.testing.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function receiver(sources: { audioLevel?: number; age: number }[], played = 0): RTCRtpReceiver {
  const now = performance.timeOrigin + performance.now();
  const synchronization = sources.map(({ age, ...source }) => ({ ...source, timestamp: now - age }));
  return {
    getSynchronizationSources: () => synchronization,
    getStats: async () => reportOf({ type: 'inbound-rtp', kind: 'audio', audioLevel: played }, { type: 'codec' }),
  } as unknown as RTCRtpReceiver;
}

test('a received level is what the sender measured', () => {
  expect(receivedLevel(receiver([{ audioLevel: 0.4, age: 20 }], 0.1))).toBe(0.4);
  expect(receivedLevel(receiver([{ audioLevel: 0, age: 20 }], 0.1))).toBe(0);
});

test('a received level is what the browser measured if the sender does not tell', async () => {
  expect(await receivedLevel(receiver([{ age: 20 }], 0.3))).toBe(0.3);
});

test('a received level is 0 when nothing came of late', () => {
  expect(receivedLevel(receiver([{ audioLevel: 0.4, age: 501 }], 0.3))).toBe(0);
  expect(receivedLevel(receiver([], 0.3))).toBe(0);
});

test('a sent level is that of the microphone', async () => {
  const sender = (...stats: Record<string, unknown>[]) =>
    ({ getStats: async () => reportOf(...stats) }) as unknown as RTCRtpSender;
  expect(await sentLevel(sender({ type: 'media-source', kind: 'audio', audioLevel: 0.6 }))).toBe(0.6);
  expect(await sentLevel(sender({ type: 'outbound-rtp', kind: 'audio' }))).toBe(0);
});
