import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('reads at once, and then again an interval after each reading', async () => {
  const taken: number[] = [];
  const slow = () => new Promise<number>((resolve) => setTimeout(() => resolve(Date.now()), 50));
  const start = Date.now();
  const stop = repeat(100, slow, (time) => taken.push(time - start));
  await vi.advanceTimersByTimeAsync(400);
  expect(taken).toEqual([50, 200, 350]);
  stop();
  await vi.advanceTimersByTimeAsync(400);
  expect(taken).toHaveLength(3);
});

test('may be stopped by what takes a reading', async () => {
  let taken = 0;
  const stop = repeat(
    100,
    async () => {},
    () => {
      taken += 1;
      stop();
    },
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taken).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
