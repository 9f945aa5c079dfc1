import { beforeEach, expect, it } from 'vitest';
import { StreamRewriter } from './stream-rewriter.ts';

let now: number;
let rewriter: StreamRewriter;

beforeEach(() => {
  now = 0;
  rewriter = new StreamRewriter(90_000, () => now);
});

const next = (ssrc: number, sequenceNumber: number, timestamp: number) =>
  rewriter.next({ ssrc, sequenceNumber, timestamp });

it('leaves one uninterrupted source as it is, loss and disorder included', () => {
  expect(next(1, 10, 500)).toEqual({ sequenceNumber: 10, timestamp: 500 });
  expect(next(1, 13, 800)).toEqual({ sequenceNumber: 13, timestamp: 800 });
  expect(next(1, 12, 700)).toEqual({ sequenceNumber: 12, timestamp: 700 });
});

it('closes the gap that a pause leaves in the numbering, and keeps the clock', () => {
  next(1, 10, 500);
  rewriter.interrupt();
  expect(next(1, 200, 90_500)).toEqual({ sequenceNumber: 11, timestamp: 90_500 });
  expect(next(1, 201, 91_000)).toEqual({ sequenceNumber: 12, timestamp: 91_000 });
});

it('continues with another source as if it were the same, by the time that has passed', () => {
  next(1, 10, 500);
  now = 100;
  expect(next(2, 40_000, 7)).toEqual({ sequenceNumber: 11, timestamp: 500 + 9000 });
  expect(next(2, 40_001, 3007)).toEqual({ sequenceNumber: 12, timestamp: 500 + 12_000 });
});

it('goes on after the newest packet sent, not after a late one', () => {
  next(1, 11, 600);
  next(1, 10, 500);
  rewriter.interrupt();
  expect(next(1, 50, 900).sequenceNumber).toBe(12);
});

it('wraps numbers and timestamps', () => {
  next(1, 0xffff, 0xffff_fff0);
  now = 1;
  expect(next(2, 5, 5)).toEqual({ sequenceNumber: 0, timestamp: (0xffff_fff0 + 90) >>> 0 });
});
