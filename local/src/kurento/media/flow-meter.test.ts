import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FlowMeter } from './flow-meter.ts';

let states: boolean[];
let meter: FlowMeter;

beforeEach(() => {
  vi.useFakeTimers();
  states = [];
  meter = new FlowMeter((flowing) => states.push(flowing));
});

afterEach(() => {
  meter.close();
  vi.useRealTimers();
});

it('flows from the first packet on', () => {
  meter.packet();
  meter.packet();
  expect(states).toEqual([true]);
  expect(meter.flowing).toBe(true);
});

it('ceases two to four seconds after the last packet', () => {
  meter.packet();
  vi.advanceTimersByTime(1999);
  meter.packet();
  vi.advanceTimersByTime(1000);
  meter.packet();
  vi.advanceTimersByTime(1001 + 1999);
  expect(states).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(states).toEqual([true, false]);
});

it('flows again, and ceases again', () => {
  meter.packet();
  vi.advanceTimersByTime(4000);
  meter.packet();
  vi.advanceTimersByTime(4000);
  expect(states).toEqual([true, false, true, false]);
});

it('does not take a process that is held up for a stream that has ceased', () => {
  meter.packet();
  vi.advanceTimersByTime(2000);
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 4000);
  vi.advanceTimersByTime(2000);
  expect(states).toEqual([true]);
  clock.mockRestore();
  vi.advanceTimersByTime(2000);
  expect(states).toEqual([true, false]);
});
