import type { Counters, Metrics } from '@hyperroom/local/aws';
import { expect, it } from 'vitest';
import { crowdFigures } from './crowd-figures.ts';

const counters = (changes: Partial<Counters> = {}): Counters => ({
  messagesUp: 0,
  bytesUp: 0,
  messagesDown: 0,
  bytesDown: 0,
  invocations: {},
  coldStarts: 0,
  reads: 0,
  writes: 0,
  operations: {},
  roundTrips: 0,
  posts: 0,
  postsGone: 0,
  ...changes,
});

const metrics = (posts: number, connections: Record<string, Counters>): Metrics => ({
  total: counters({ posts }),
  connections,
  openConnections: Object.keys(connections),
  journal: [],
  items: 0,
  series: [],
  alarms: [],
});

const traffic = { messagesUp: 1, bytesUp: 900, messagesDown: 1, bytesDown: 5000 };
const observed = {
  participants: 3,
  before: metrics(40, { agent: counters({ reads: 7 }) }),
  answer: { body: { code: 200 }, traffic, bytes: 5000 },
  after: metrics(49, {
    agent: counters({ reads: 9 }),
    joiner: counters({ messagesUp: 1, messagesDown: 2, reads: 3, writes: 2 }),
  }),
  holdings: { pipelines: 1, endpoints: 9, audioLinks: 5, videoLinks: 6 },
  peak: { pipelines: 1, endpoints: 10, audioLinks: 6, videoLinks: 6 },
};

it('tells what the joiner sent and got from what others were told', () => {
  expect(crowdFigures(observed)).toEqual({
    participants: 3,
    messagesUp: 1,
    messagesDown: 1,
    bytesUp: 900,
    answerBytes: 5000,
    laterUp: 0,
    laterDown: 1,
    posts: 9,
    reads: 3,
    writes: 2,
    endpoints: 9,
    peakEndpoints: 10,
    links: 6,
  });
});

it('needs a joiner', () => {
  expect(() => crowdFigures({ ...observed, after: observed.before })).toThrow('nobody has connected');
});
