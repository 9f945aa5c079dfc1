import { describe, expect, it } from 'vitest';
import { gapOf, type SeenFrame, worstOf } from './gap-figures.ts';

const BEFORE = { painted: 10, encoded: 8, connection: 1 };

function frames(...times: readonly number[]): SeenFrame[] {
  return times.map((at, index) => ({ at, number: index, track: 1 }));
}

function stream(
  seen: readonly SeenFrame[],
  after = { painted: 10 + seen.length, encoded: 8 + seen.length, connection: 1 },
) {
  return { from: 'Ada', to: 'Ben', frames: seen, sent: { before: BEFORE, after } };
}

describe('the gap in a stream', () => {
  it('is its longest pause since the fault, beside its longest before', () => {
    expect(gapOf(stream(frames(0, 60, 130, 190, 690, 750)), 200, 1000)).toEqual({
      from: 'Ada',
      to: 'Ben',
      baseline: 70,
      gap: 500,
      lost: 0,
      isRenewed: false,
    });
  });

  it('lasts until the end where nothing came back', () => {
    expect(gapOf(stream(frames(0, 60)), 100, 5_000).gap).toBe(4_940);
  });

  it('counts what was sent and never came, and each picture once', () => {
    const seen = frames(0, 60, 120, 180);
    const twice = [...seen, ...seen.slice(-1)];
    expect(gapOf(stream(twice, { painted: 20, encoded: 15, connection: 1 }), 100, 1000).lost).toBe(3);
  });

  it('counts what was painted where the connection that sent it is no more', () => {
    const renewed = gapOf(stream(frames(0, 60), { painted: 15, encoded: 2, connection: 2 }), 50, 1000);
    expect([renewed.lost, renewed.isRenewed]).toEqual([3, true]);
  });

  it('is renewed where the pictures come by another track', () => {
    const seen = frames(0, 60).map((frame, index) => ({ ...frame, track: index }));
    expect(gapOf(stream(seen), 50, 1000).isRenewed).toBe(true);
  });
});

it('judges a call by its worst stream in each respect', () => {
  const gaps = [
    { from: 'a', to: 'b', baseline: 70, gap: 500, lost: 0, isRenewed: false },
    { from: 'b', to: 'a', baseline: 90, gap: 80, lost: 2, isRenewed: true },
  ];
  expect(worstOf(gaps)).toEqual({ baseline: 90, gap: 500, lost: 2, isRenewed: true });
});
