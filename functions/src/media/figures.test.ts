import { expect, test } from 'vitest';
import type { Samples } from '../metrics.ts';
import { gaugesOf, recordCounts } from './figures.ts';
import type { MediaNode } from './placement.ts';

const NOW = 100_000;
const node = (name: string, more: Partial<MediaNode> = {}): MediaNode => ({
  url: name,
  connectionId: name,
  instance: name,
  heard: NOW,
  capacity: 100,
  load: 0,
  ...more,
});
const NOTHING = { postFailures: 0, postsGone: 0, reconnects: 0, transcodings: 0, joinRefusals: {}, joinTimes: [] };

test('gauges are the sums over the nodes that are there', () => {
  const nodes = [
    node('a', { load: 30, rooms: 2, participants: 5 }),
    node('b', { load: 50, rooms: 1, participants: 4 }),
    node('gone', { load: 99, rooms: 9, participants: 9, away: NOW - 60_000 }),
  ];
  expect(gaugesOf(nodes, NOW)).toEqual({ Rooms: 3, Participants: 9, Endpoints: 80, Nodes: 2, NodeLoad: 40 });
});

test('a node that takes no rooms counts with what it holds, and not as room for more', () => {
  const nodes = [node('a', { load: 30 }), node('b', { load: 90, draining: true }), node('c', { capacity: 0, load: 5 })];
  expect(gaugesOf(nodes, NOW)).toMatchObject({ Endpoints: 125, Nodes: 1, NodeLoad: 30 });
});

test('without a node that takes rooms there is no load', () => {
  expect(gaugesOf([node('a', { capacity: 0 })], NOW)).toEqual({ Rooms: 0, Participants: 0, Endpoints: 0, Nodes: 0 });
});

test('what has not happened is no sample; refusals are counted by their code', () => {
  const recorded: [Samples, string?][] = [];
  const metrics = {
    record: (samples: Samples, code?: string) => void recorded.push(code ? [samples, code] : [samples]),
  };
  recordCounts(metrics, { Rooms: 1 }, { ...NOTHING, postsGone: 2, joinTimes: [80], joinRefusals: { 503: 3 } });
  expect(recorded).toEqual([[{ Rooms: 1, PostsGone: 2, JoinTime: [80] }], [{ JoinRefusals: 3 }, '503']]);
});
