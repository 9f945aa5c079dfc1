import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Assessment, assess, EXCELLENT, POOR, Qualities, type Quality } from './quality.ts';
import { sampleOf } from './sample.ts';
import { reportOf } from './stats.testing.ts';

/** One interval of a connection on which sound is received. */
interface Received {
  packets?: number;
  lost?: number;
  /** Seconds. */
  jitter?: number;
  /** Seconds. */
  roundTrip?: number;
  iceState?: RTCIceTransportState;
}

/** The reports of a receiving connection after each interval, beginning with one before the first. */
function receiving(intervals: readonly Received[]): RTCStatsReport[] {
  let packetsReceived = 0;
  let packetsLost = 0;
  return [{ packets: 0 }, ...intervals].map((interval: Received) => {
    const { packets = 100, lost = 0, jitter = 0.005, roundTrip = 0.05, iceState = 'connected' } = interval;
    packetsReceived += packets;
    packetsLost += lost;
    return reportOf(
      { type: 'inbound-rtp', kind: 'audio', ssrc: 1, packetsReceived, packetsLost, jitter },
      { type: 'candidate-pair', id: 'pair', nominated: true, state: 'succeeded', currentRoundTripTime: roundTrip },
      { type: 'transport', iceState, selectedCandidatePairId: 'pair' },
    );
  });
}

function qualitiesOf(reports: readonly RTCStatsReport[]): Quality[] {
  let assessment: Assessment | undefined;
  return reports.map((report) => {
    assessment = assess(assessment, sampleOf([report]));
    return assessment.quality;
  });
}

const GONE: Received = { packets: 0, iceState: 'disconnected' };

describe('the quality of what is received', () => {
  it('is not known before the first interval is over', () => {
    expect(qualitiesOf(receiving([{}]))).toEqual(['unknown', 'excellent']);
  });

  it.each<[string, Received, Quality]>([
    ['little loss', { packets: 99, lost: 1 }, 'excellent'],
    ['some loss', { packets: 95, lost: 5 }, 'good'],
    ['much loss', { packets: 85, lost: 15 }, 'poor'],
    ['some jitter', { jitter: 0.06 }, 'good'],
    ['much jitter', { jitter: 0.2 }, 'poor'],
    ['a long way', { roundTrip: 0.4 }, 'good'],
    ['a very long way', { roundTrip: 1 }, 'poor'],
    ['too few packets to judge by', { packets: 5, lost: 5 }, 'excellent'],
  ])('with %s: %o is %s', (_, interval, quality) => {
    expect(qualitiesOf(receiving([interval])).at(-1)).toBe(quality);
  });

  it('is that of the last two intervals: what was lost before does not count', () => {
    const bad = { packets: 50, lost: 50 };
    expect(qualitiesOf(receiving([{}, bad, {}, {}]))).toEqual(['unknown', 'excellent', 'poor', 'poor', 'excellent']);
  });

  it('is lost when nothing came for two intervals over a connection that is none', () => {
    expect(qualitiesOf(receiving([{}, GONE, GONE, GONE, {}]))).toEqual([
      'unknown',
      'excellent',
      'excellent',
      'lost',
      'lost',
      'excellent',
    ]);
  });

  it('is not lost when the connection comes back in between', () => {
    expect(qualitiesOf(receiving([{}, GONE, {}, GONE, {}]))).not.toContain('lost');
  });

  it('is not lost when the media are muted or paused', () => {
    const paused = { packets: 0, jitter: 0.2 };
    expect(qualitiesOf(receiving([{}, paused, paused, paused])).at(-1)).toBe('excellent');
  });

  it('survives a stream that begins anew and losses that turn up after all', () => {
    expect(qualitiesOf(receiving([{ packets: 1_000 }, { packets: -900 }, { lost: -5 }])).at(-1)).toBe('excellent');
  });

  it('is of all connections of a participant', () => {
    const [main = [], screen = []] = [receiving([{}]), receiving([{ jitter: 0.2 }])];
    const both = main.map((report, index) => sampleOf([report, screen[index] ?? report]));
    const [first, second] = both;
    if (!first || !second) throw new Error('two samples');
    expect(assess(assess(undefined, first), second).quality).toBe('poor');
  });

  it('is told from candidate pairs where there are no transports', () => {
    const pair = (state: string) =>
      reportOf({ type: 'candidate-pair', nominated: true, state, currentRoundTripTime: 0.1 });
    expect(qualitiesOf([pair('succeeded'), pair('succeeded')]).at(-1)).toBe('excellent');
    expect(qualitiesOf([pair('succeeded'), pair('failed'), pair('failed')]).at(-1)).toBe('lost');
  });

  it('never grows with worse figures', () => {
    const figures = fc.record({
      lost: fc.integer({ min: 0, max: 50 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      roundTrip: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    const order = ['poor', 'good', 'excellent'];
    const rankOf = (interval: Received) => order.indexOf(qualitiesOf(receiving([interval])).at(-1) ?? '');
    fc.assert(
      fc.property(figures, figures, (one, more) => {
        const worse = {
          lost: one.lost + more.lost,
          jitter: one.jitter + more.jitter,
          roundTrip: one.roundTrip + more.roundTrip,
        };
        expect(rankOf(worse)).toBeLessThanOrEqual(rankOf(one));
      }),
    );
  });

  it('has limits that are in order', () => {
    expect(EXCELLENT.loss).toBeLessThan(POOR.loss);
    expect(EXCELLENT.jitter).toBeLessThan(POOR.jitter);
    expect(EXCELLENT.roundTrip).toBeLessThan(POOR.roundTrip);
  });
});

describe('the quality of what is sent', () => {
  const sending = (timestamp: number, fractionLost: number, iceState = 'connected') =>
    reportOf(
      { type: 'outbound-rtp', kind: 'video', ssrc: 2, packetsSent: timestamp },
      { type: 'remote-inbound-rtp', kind: 'video', ssrc: 2, timestamp, fractionLost },
      { type: 'transport', iceState },
    );

  it('is what the media server reports', () => {
    expect(qualitiesOf([sending(1, 0), sending(2, 0.05)]).at(-1)).toBe('good');
    expect(qualitiesOf([sending(1, 0), sending(2, 0.2)]).at(-1)).toBe('poor');
  });

  it('does not repeat an old report', () => {
    expect(qualitiesOf([sending(1, 0.2), sending(1, 0.2)]).at(-1)).toBe('unknown');
  });

  it('is lost when the media server has gone silent, whatever is still sent', () => {
    const gone = sending(2, 0, 'disconnected');
    expect(qualitiesOf([sending(1, 0), sending(2, 0), gone, gone]).at(-1)).toBe('lost');
  });
});

describe('Qualities', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('tells changes, and forgets who has no connection', async () => {
    const changes: [string, Quality][] = [];
    const readings = receiving([{}, {}, { lost: 50 }]).map((report) => new Map([['ada', [report]]]));
    const queue: (ReadonlyMap<string, readonly RTCStatsReport[]> | Error)[] = [
      ...readings,
      new Error('closed'),
      new Map([['ada', []]]),
      new Map(),
    ];
    const qualities = new Qualities({
      reports: async () => {
        const next = queue.shift();
        if (next instanceof Error) throw next;
        return next ?? new Map();
      },
      onChange: (id, quality) => changes.push([id, quality]),
      interval: 1_000,
    });
    expect(qualities.of('ada')).toBe('unknown');
    qualities.start();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(changes).toEqual([
      ['ada', 'excellent'],
      ['ada', 'poor'],
    ]);
    expect(qualities.of('ada')).toBe('poor');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(changes.at(-1)).toEqual(['ada', 'unknown']);
    expect(changes).toHaveLength(3);
    qualities.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
