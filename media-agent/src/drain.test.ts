import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { drained } from './drain.ts';

const TIMINGS = { finishMs: 60_000, limitMs: 300_000, intervalMs: 1_000, quietMs: 5_000 };

let rooms: number;
let asked: number[];
let over: number | undefined;
const ending = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
  [rooms, asked, over] = [0, [], undefined];
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(onAsked = () => {}): void {
  const began = performance.now();
  const since = () => performance.now() - began;
  const evacuate = async () => {
    asked.push(since());
    onAsked();
  };
  drained({ rooms: () => rooms, evacuate }, TIMINGS, ending.signal).then(() => {
    over = since();
  });
}

describe('a node that drains', () => {
  test('without a room goes when nobody can have given it one any more', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(3_000);
    rooms = 1;
    await vi.advanceTimersByTimeAsync(10_000);
    rooms = 0;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked, over]).toEqual([[], 18_000]);
  });

  test('has what is left moved only when that has had its time, and as often as it takes', async () => {
    rooms = 2;
    begin(() => {
      rooms -= 1;
    });
    await vi.advanceTimersByTimeAsync(120_000);
    expect([asked, over]).toEqual([[60_000, 61_000], 66_000]);
  });

  test('ends in time though nobody takes its rooms', async () => {
    rooms = 1;
    begin();
    await vi.advanceTimersByTimeAsync(400_000);
    expect([asked.length, over]).toEqual([240, 300_000]);
  });
});
