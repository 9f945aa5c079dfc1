import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delayBefore, spread } from './backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempt = fc.nat(10_000);

test('the first attempt is made at once, and none waits longer than five seconds', () => {
  fc.assert(
    fc.property(attempt, random, (number, chance) => {
      const delay = delayBefore(number, chance);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(5_000);
      expect(delayBefore(0, chance)).toBe(0);
    }),
  );
});

test('the time over which attempts are spread doubles from 250 milliseconds on', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((number) => delayBefore(number, 0.5))).toEqual([
    125, 250, 500, 1_000, 2_000, 2_500, 2_500,
  ]);
});

test('a socket lives as long as it is meant to, give or take a tenth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), random, (lifetime, chance) => {
      expect(Math.abs(spread(lifetime, chance) - lifetime)).toBeLessThanOrEqual(lifetime / 10 + 1e-6);
    }),
  );
});
