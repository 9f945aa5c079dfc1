import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { Throttle } from './limits.ts';

function admitted(throttle: Throttle, attempts: number): number {
  return Array.from({ length: attempts }, () => throttle.admit()).filter(Boolean).length;
}

test('a burst is admitted at once, then the rate', () => {
  const clock = new ManualClock();
  const throttle = new Throttle(clock, 10, 5);
  expect(admitted(throttle, 20)).toBe(5);
  clock.advance(300);
  expect(admitted(throttle, 20)).toBe(3);
  clock.advance(60_000);
  expect(admitted(throttle, 20)).toBe(5);
});
