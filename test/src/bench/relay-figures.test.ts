import type { Counters } from '@hyperroom/local/aws';
import { describe, expect, it } from 'vitest';
import { percentile, relayBudgets, relayFigures } from './relay-figures.ts';

const counters = (count: number): Counters => ({
  messagesUp: count,
  bytesUp: 0,
  messagesDown: count,
  bytesDown: 0,
  invocations: { message: count },
  coldStarts: 0,
  reads: count,
  writes: 0,
  operations: {},
  roundTrips: count,
  posts: 2 * count,
  postsGone: 0,
});

describe('relayFigures', () => {
  it('divides by the messages that were sent, and times every hop', () => {
    const sent = new Map([
      ['a', 100],
      ['b', 110],
    ]);
    const arrivals = [
      new Map([
        ['a', 105],
        ['b', 117],
      ]),
      new Map([
        ['a', 101],
        ['b', 119],
      ]),
    ];
    const seen = { path: 'p', listeners: 2, sent, arrivals, took: 20, before: counters(10), after: counters(12) };
    expect(relayFigures(seen)).toEqual({
      path: 'p',
      perSecond: 200,
      p50: 5,
      p99: 9,
      invocations: 1,
      reads: 1,
      writes: 0,
      posts: 2,
    });
  });
});

describe('percentile', () => {
  it('is a value that was measured', () => {
    expect(percentile([3, 1, 2], 50)).toBe(2);
    expect(percentile([3, 1, 2], 99)).toBe(3);
    expect(percentile([7], 1)).toBe(7);
  });
});

describe('relayBudgets', () => {
  it('holds the worst path against the budget, and says why it is over', () => {
    const figures = { path: 'p', perSecond: 1, p50: 1, p99: 1, invocations: 1, reads: 1, writes: 0, posts: 1 };
    const [reads, writes] = relayBudgets([figures, { ...figures, reads: 1.124 }]);
    expect(reads).toMatchObject({ budget: 1, measured: 1.12, note: expect.stringContaining('first time') });
    expect(writes).toMatchObject({ budget: 0, measured: 0, note: '' });
  });
});
