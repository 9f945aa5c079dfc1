import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { receivedLevel, SentLevel } from './level.ts';
import { reportOf } from './stats.testing.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

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

describe('a sent level', () => {
  /** What a page's audio graphs have been asked for, in turn. */
  const asked: string[] = [];

  class SilentStream {
    readonly tracks: readonly { id: string }[];
    constructor(tracks: readonly { id: string }[]) {
      this.tracks = tracks;
    }
  }

  class ListeningContext {
    constructor() {
      asked.push('context');
    }
    createMediaStreamSource({ tracks: [track] }: SilentStream) {
      return {
        connect: () => asked.push(`hears ${track?.id}`),
        disconnect: () => asked.push(`hears ${track?.id} no more`),
      };
    }
    createAnalyser() {
      // Of a swing between 0.3 and -0.3.
      const swing = (samples: Float32Array) =>
        samples.forEach((_, at) => {
          samples[at] = at % 2 ? 0.3 : -0.3;
        });
      return { fftSize: 16, getFloatTimeDomainData: swing };
    }
    async close(): Promise<void> {
      asked.push('closed');
    }
  }

  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal('MediaStream', SilentStream);
    vi.stubGlobal('AudioContext', ListeningContext);
  });

  const sender = (id: string, ...stats: Record<string, unknown>[]) =>
    ({ track: { id }, getStats: async () => reportOf(...stats) }) as unknown as RTCRtpSender;
  const source = { type: 'media-source', kind: 'audio' };
  const sending = { type: 'outbound-rtp', kind: 'audio' };

  test('is that of the microphone', async () => {
    const level = new SentLevel();
    expect(await level.of(sender('mic', { ...source, audioLevel: 0.6 }, sending))).toBe(0.6);
    expect(await level.of(sender('mic', { ...source, audioLevel: 0 }, sending))).toBe(0);
    expect(await level.of(sender('mic', source))).toBe(0);
    expect(asked).toEqual([]);
  });

  test('is measured where the browser does not tell, of the microphone that there is', async () => {
    const level = new SentLevel();
    const mic = sender('mic', source, sending);
    expect(await level.of(mic)).toBeCloseTo(0.3);
    expect(await level.of(mic)).toBeCloseTo(0.3);
    expect(await level.of(sender('headset', source, sending))).toBeCloseTo(0.3);
    level.stop();
    expect(asked).toEqual(['context', 'hears mic', 'hears mic no more', 'hears headset', 'closed']);
  });

  test('is not measured any more once nobody asks', async () => {
    const level = new SentLevel();
    const late = level.of(sender('mic', source, sending));
    level.stop();
    expect(await late).toBe(0);
    expect(asked).toEqual([]);
  });
});
