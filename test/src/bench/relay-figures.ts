import type { Counters } from '@hyperroom/local/aws';
import type { BudgetLine } from './budget-table.ts';

/** What relaying took along one path. */
export interface RelayFigures {
  readonly path: string;
  /** Messages delivered each second, to all listeners together. */
  readonly perSecond: number;
  /** Milliseconds from the sender's socket to a listener's. */
  readonly p50: number;
  readonly p99: number;
  /** Each of these for one message that was sent. */
  readonly invocations: number;
  readonly reads: number;
  readonly writes: number;
  readonly posts: number;
}

export interface RelayObservation {
  readonly path: string;
  readonly listeners: number;
  /** When each message was sent, by id. */
  readonly sent: ReadonlyMap<string, number>;
  /** When it arrived at each listener. */
  readonly arrivals: readonly ReadonlyMap<string | number, number>[];
  /** Milliseconds from the first message sent to the last one received. */
  readonly took: number;
  readonly before: Counters;
  readonly after: Counters;
}

export function relayFigures({ path, listeners, sent, arrivals, took, before, after }: RelayObservation): RelayFigures {
  const hops = arrivals.flatMap((times) => [...sent].map(([id, sentAt]) => (times.get(id) ?? Number.NaN) - sentAt));
  const each = (count: (counters: Counters) => number) => (count(after) - count(before)) / sent.size;
  return {
    path,
    perSecond: (sent.size * listeners * 1000) / took,
    p50: percentile(hops, 50),
    p99: percentile(hops, 99),
    invocations: each(({ invocations }) => Object.values(invocations).reduce((sum, count) => sum + count, 0)),
    reads: each(({ reads }) => reads),
    writes: each(({ writes }) => writes),
    posts: each(({ posts }) => posts),
  };
}

/** The smallest value that so many percent do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** The design's budgets: a relayed message is one invocation, at most one read, and no write. */
export function relayBudgets(figures: readonly RelayFigures[]): BudgetLine[] {
  const worst = (of: (figure: RelayFigures) => number) => Math.round(Math.max(...figures.map(of)) * 100) / 100;
  const line = (what: string, budget: number, measured: number, why: string): BudgetLine => ({
    what,
    budget,
    measured,
    unit: '',
    note: measured > budget ? why : '',
  });
  return [
    line(
      'reads of a relayed message',
      1,
      worst(({ reads }) => reads),
      'a function met the sender for the first time',
    ),
    line(
      'writes',
      0,
      worst(({ writes }) => writes),
      'a subscriber was gone and taken off the list',
    ),
    line(
      'Lambda invocations',
      1,
      worst(({ invocations }) => invocations),
      'somebody connected or left meanwhile',
    ),
  ];
}
