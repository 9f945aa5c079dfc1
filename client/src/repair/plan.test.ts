import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  begin,
  brokenFrom,
  type Circumstances,
  CONNECTING,
  DIRECT,
  dueAt,
  failed,
  type Health,
  PACE,
  PATIENCE,
} from './plan.ts';

const { first: FIRST, longest: LONGEST } = PACE;

const health = (changes: Partial<Health> = {}): Health => ({
  transport: 'connected',
  since: 100,
  made: 0,
  answeredAt: 1,
  epoch: 1,
  relays: '',
  ...changes,
});
const at = (now: number, changes: Partial<Circumstances> = {}): Circumstances => ({
  now,
  epoch: 1,
  networkChanged: 0,
  relays: '',
  ...changes,
});

describe('a connection', () => {
  test.each<[string, Partial<Health>, Partial<Circumstances>, number | undefined]>([
    ['that works', {}, {}, undefined],
    [
      'that nobody has answered',
      { transport: 'new', since: Infinity, answeredAt: undefined },
      { networkChanged: 500 },
      undefined,
    ],
    ['that has failed', { transport: 'failed' }, {}, 100],
    ['that is disconnected', { transport: 'disconnected' }, {}, 100 + PATIENCE],
    ['that takes too long to connect', { transport: 'connecting' }, {}, 100 + CONNECTING],
    ['that has no way to try', { transport: 'new' }, {}, 100 + CONNECTING],
    ['without a direct way, where there are relays', { transport: 'connecting' }, { relays: 'a' }, 100 + DIRECT],
    ['without any way to try but relays', { transport: 'new' }, { relays: 'a' }, 100 + DIRECT],
    ['that may go by the relays', { transport: 'connecting', relays: 'a' }, { relays: 'a' }, 100 + CONNECTING],
    ['that may go by other relays', { transport: 'connecting', relays: 'a' }, { relays: 'b' }, 100 + DIRECT],
    ['that stands without relays', {}, { relays: 'a' }, undefined],
    ['made for another network', {}, { networkChanged: 500 }, 500],
    ['made after the network changed', { made: 600 }, { networkChanged: 500 }, undefined],
    ['of an epoch that is over', {}, { epoch: 2 }, 1_000],
    ['offered to join with', { epoch: undefined }, { epoch: 2 }, undefined],
    ['with more than one fault', { transport: 'failed' }, { networkChanged: 50 }, 50],
  ])('%s', (_, changes, circumstances, expected) => {
    expect(brokenFrom(health(changes), false, at(1_000, circumstances))).toBe(expected);
  });
});

test('a connection that nothing comes through is broken', () => {
  expect(brokenFrom(health(), true, at(1_000))).toBe(1_000);
});

describe('an attempt that comes to nothing is repeated', () => {
  const first = begin(100, undefined, at(100), 1);

  test('not before its delay is over, or the server wants it', () => {
    expect(dueAt(100, undefined, at(100))).toBe(100);
    expect(dueAt(100, first, at(100))).toBe(100 + FIRST);
    expect(dueAt(100, failed(first, 300, 1), at(300))).toBe(300 + FIRST);
    expect(dueAt(100, failed(first, 300, 1, 7_000), at(300))).toBe(7_300);
  });

  test('at once in another epoch, or at a fault that has nothing to do with it', () => {
    expect(dueAt(100, first, at(200, { epoch: 2 }))).toBe(100);
    expect(begin(100, first, at(200, { epoch: 2 }), 1)).toMatchObject({ count: 1, epoch: 2 });
    expect(dueAt(90_000, { ...first, notBefore: 99_000 }, at(90_000))).toBe(90_000);
  });

  test('soon if the network has changed, but never twice within a second', () => {
    const late: Attempt = { ...first, begun: 5_000, notBefore: 20_000, count: 6 };
    expect(dueAt(100, late, at(5_100, { networkChanged: 5_050 }))).toBe(5_000 + FIRST);
    expect(dueAt(100, late, at(9_000, { networkChanged: 9_000 }))).toBe(5_000 + FIRST);
    expect(dueAt(100, late, at(5_100, { networkChanged: 4_900 }))).toBe(20_000);
  });
});

describe('however long a fault lasts, and whatever the attempts at it come to,', () => {
  interface Outcome {
    takes: number;
    retryAfter: number;
    random: number;
  }
  const outcome = fc.record<Outcome>({
    takes: fc.integer({ min: 1, max: 15_000 }),
    retryAfter: fc.constantFrom(0, 0, 500, 30_000),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  /** When the attempts at a connection that is broken from 0 on begin. */
  function attemptsAt(outcomes: Outcome[]): { begun: number; ended: number; retryAfter: number }[] {
    const made = [];
    let attempt: Attempt | undefined;
    let now = 0;
    for (const { takes, retryAfter, random } of outcomes) {
      now = Math.max(now, dueAt(0, attempt, at(now)));
      const begun = now;
      attempt = begin(0, attempt, at(now), random);
      now += takes;
      attempt = failed(attempt, now, random, retryAfter);
      made.push({ begun, ended: now, retryAfter });
    }
    return made;
  }

  test('another one comes, neither too soon nor too late', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 2, maxLength: 40 }), (outcomes) => {
        const made = attemptsAt(outcomes);
        for (const [index, { ended, retryAfter }] of made.slice(0, -1).entries()) {
          const pause = (made[index + 1]?.begun ?? 0) - ended;
          const least = Math.min(FIRST * 2 ** index, LONGEST) / 2;
          expect(pause).toBeGreaterThanOrEqual(Math.max(least, retryAfter) - 1e-6);
          expect(pause).toBeLessThanOrEqual(Math.max(LONGEST, retryAfter) + 1e-6);
        }
      }),
    );
  });
});
