import type { Metrics, Series } from '../aws/index.ts';
import { percentile } from '../aws/metrics-alarms.ts';
import { priceOf } from './price.ts';

/** How things stand at one moment. What is counted is the sum so far. */
export interface Reading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly joins: number;
  readonly refusals: number;
  /** Of the last minute; null: nobody joined. */
  readonly joinTimeP50: number | null;
  readonly joinTimeP99: number | null;
  readonly rooms: number;
  readonly participants: number;
  readonly endpoints: number;
  readonly nodes: number;
  readonly nodeLoad: number;
  readonly errors: number;
  readonly connections: number;
  readonly invocations: number;
  readonly messagesUp: number;
  readonly messagesDown: number;
  readonly reads: number;
  readonly writes: number;
  readonly dollars: number;
  /** All that was paid, by all who joined; null: nobody has. */
  readonly dollarsPerMillionJoins: number | null;
  /** Frames that did not reach a client that was there, and those for who was gone. */
  readonly postFailures: number;
  readonly postsGone: number;
}

/** The metrics of the domain, of all dimensions or of that one. */
export function seriesOf({ series }: Metrics, name: string, dimension?: string): Series[] {
  const isAsked = ({ dimensions }: Series) =>
    dimension === undefined ? Object.keys(dimensions).length === 1 : dimension in dimensions;
  return series.filter((each) => each.namespace === 'Hyperroom' && each.name === name && isAsked(each));
}

export function readingOf(metrics: Metrics, at: number): Reading {
  const { total } = metrics;
  const sum = (name: string) => seriesOf(metrics, name).reduce((all, each) => all + each.sum, 0);
  const last = (name: string) => seriesOf(metrics, name).reduce((all, each) => all + each.last, 0);
  const [joins, dollars] = [sum('Joins'), priceOf(total)];
  const joinTimes = seriesOf(metrics, 'JoinTime').flatMap(({ recent }) => recent);
  return {
    at,
    joins,
    refusals: sum('JoinRefusals'),
    joinTimeP50: percentile(joinTimes, 50) ?? null,
    joinTimeP99: percentile(joinTimes, 99) ?? null,
    rooms: last('Rooms'),
    participants: last('Participants'),
    endpoints: last('Endpoints'),
    nodes: last('Nodes'),
    nodeLoad: last('NodeLoad'),
    errors: sum('Errors'),
    connections: metrics.openConnections.length,
    invocations: Object.values(total.invocations).reduce((all, count) => all + count, 0),
    messagesUp: total.messagesUp,
    messagesDown: total.messagesDown,
    reads: total.reads,
    writes: total.writes,
    dollars,
    dollarsPerMillionJoins: joins === 0 ? null : (dollars / joins) * 1e6,
    postFailures: sum('PostFailures'),
    postsGone: total.postsGone,
  };
}
