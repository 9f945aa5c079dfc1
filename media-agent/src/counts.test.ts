import { expect, test } from 'vitest';
import { Counts } from './counts.ts';

const NOTHING = { postFailures: 0, postsGone: 0, reconnects: 0, transcodings: 0, joinRefusals: {}, joinTimes: [] };

test('one heartbeat in some tells what has happened since the last that did', () => {
  const counts = new Counts();
  expect(counts.take()).toEqual(NOTHING);
  counts.add('transcodings');
  counts.joinTook(80);
  counts.joinRefused(503);
  counts.joinRefused(503);
  const told = Array.from({ length: 14 }, () => counts.take());
  expect(told.filter((each) => each)).toEqual([
    { ...NOTHING, transcodings: 1, joinTimes: [80], joinRefusals: { 503: 2 } },
    NOTHING,
  ]);
});

test('what was not heard is told by the next heartbeat, with what has come since', () => {
  const counts = new Counts();
  counts.add('postsGone');
  counts.joinTook(10);
  counts.joinRefused(488);
  const told = counts.take();
  counts.add('postsGone');
  counts.joinTook(20);
  if (told) counts.giveBack(told);
  expect(counts.take()).toEqual({ ...NOTHING, postsGone: 2, joinTimes: [20, 10], joinRefusals: { 488: 1 } });
});

test('however many join, a heartbeat stays small', () => {
  const counts = new Counts();
  for (let ms = 0; ms < 1_000; ms++) counts.joinTook(ms);
  expect(counts.take()?.joinTimes).toHaveLength(100);
});
