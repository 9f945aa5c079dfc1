import { expect, test } from 'vitest';
import { ManualClock } from './clock.ts';
import { StageThrottle, Throttle } from './limits.ts';

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

test('each route of a stage has its limits, and all have what the account has left', () => {
  const clock = new ManualClock();
  const account = new Throttle(clock, 0, 7);
  const stage = new StageThrottle(account, clock, { perSecond: 1, burst: 3 });
  const admittedTo = (routeKey: string) =>
    Array.from({ length: 5 }, () => stage.admit(routeKey)).filter(Boolean).length;
  expect(admittedTo('$default')).toBe(3);
  expect(admittedTo('GET /')).toBe(3);
  clock.advance(2000);
  expect(admittedTo('$default')).toBe(1);
  expect(Array.from({ length: 5 }, () => stage.admitConnection()).filter(Boolean)).toHaveLength(3);
  expect(new StageThrottle(new Throttle(clock, 0, 1), clock, undefined).admit('$default')).toBe(true);
});
