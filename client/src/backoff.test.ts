import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delayAfter, spread } from './backoff.ts';

const PACE = { first: 250, longest: 5_000, chance: 1 };

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 10_000 });

test('no attempt waits longer than it may, and it waits at least for what is not left to chance', () => {
  fc.assert(
    fc.property(attempts, random, random, (count, chance, luck) => {
      const delay = delayAfter(count, { ...PACE, chance }, luck);
      expect(delay).toBeGreaterThanOrEqual(250 * (1 - chance));
      expect(delay).toBeLessThanOrEqual(5_000);
    }),
  );
});

test('the time between attempts doubles, up to a limit', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((count) => delayAfter(count, PACE, 0.5))).toEqual([
    125, 250, 500, 1_000, 2_000, 2_500, 2_500,
  ]);
  expect([0, 1].map((luck) => delayAfter(3, { ...PACE, chance: 0.5 }, luck))).toEqual([500, 1_000]);
});

test('a socket lives as long as it is meant to, give or take a tenth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), random, (lifetime, chance) => {
      expect(Math.abs(spread(lifetime, chance) - lifetime)).toBeLessThanOrEqual(lifetime / 10 + 1e-6);
    }),
  );
});
