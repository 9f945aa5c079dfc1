import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ReportWatch } from './report-watch.ts';

let states: boolean[];
let watch: ReportWatch;

beforeEach(() => {
  vi.useFakeTimers();
  states = [];
  watch = new ReportWatch((connected) => states.push(connected));
});

afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

it('is connected from the first report until 25 s after the last', () => {
  watch.report();
  vi.advanceTimersByTime(20_000);
  watch.report();
  vi.advanceTimersByTime(24_999);
  expect(states).toEqual([true]);
  expect(watch.connected).toBe(true);
  vi.advanceTimersByTime(1);
  expect(states).toEqual([true, false]);
  expect(watch.connected).toBe(false);
});

it('connects again with the next report', () => {
  watch.report();
  vi.advanceTimersByTime(25_000);
  watch.report();
  expect(states).toEqual([true, false, true]);
});
