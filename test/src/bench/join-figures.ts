import type { InvocationRecord, Metrics } from '@hyperroom/local/aws';
import { type JoinCost, joinCost } from '../call/join-cost.ts';
import type { PageJoin } from '../call/page-report.ts';
import { type Price, pricePerMillion } from './price.ts';

/** What one join took, counted by the emulator. */
export interface JoinFigures extends JoinCost {
  /** Who was in the room when it was over. */
  readonly participants: number;
  /** Invocations by which the media node reports that the joiner's media has arrived. */
  readonly reports: number;
  /** Messages that those already there sent meanwhile. */
  readonly messagesOfOthers: number;
  readonly price: Price;
  /** From the joiner's start to its answer. */
  readonly answerMs: number;
}

/** Roughly; far below the unit that is paid for. */
const REPORT_BYTES = 500;

export interface JoinObservation {
  readonly before: Metrics;
  readonly after: Metrics;
  readonly join: PageJoin;
  /** The media node's connection. */
  readonly agent: string;
  readonly participants: number;
  readonly roomBytes: number;
  readonly memoryOf: (functionName: string) => number;
}

export function joinFigures(seen: JoinObservation): JoinFigures {
  const { before, after, join, agent, participants } = seen;
  const joiner = after.openConnections.find((id) => !before.openConnections.includes(id));
  if (joiner === undefined) throw new Error('nobody has connected');
  const cost = joinCost(after, joiner, join);
  const own = after.journal.filter(({ connectionId }) => connectionId === joiner);
  const reports = after.journal.filter((record) => isReport(record, agent) && record.startedAt >= join.startedAt);
  const others = before.openConnections.filter((id) => id !== agent);
  const messagesOfOthers = others.reduce((sum, id) => sum + messagesUp(after, id) - messagesUp(before, id), 0);
  const answerMs = (join.answeredAt ?? Number.NaN) - join.startedAt;
  const price = pricePerMillion({
    messages: [
      join.bytesUp,
      join.bytesDown,
      ...bytesTo(agent, own),
      ...reports.map(() => REPORT_BYTES),
      ...bytesTo(agent, reports),
    ],
    invocations: [...own, ...reports],
    memoryOf: seen.memoryOf,
    roomBytes: seen.roomBytes,
    roomWrites: 1 + reports.length,
  });
  return { ...cost, participants, reports: reports.length, messagesOfOthers, price, answerMs };
}

/** A heartbeat, the other thing that a node sends, is told to nobody but itself. */
function isReport({ connectionId, routeKey, posts }: InvocationRecord, agent: string): boolean {
  return connectionId === agent && routeKey !== '$connect' && posts.some((post) => post.connectionId !== agent);
}

function bytesTo(connectionId: string, records: readonly InvocationRecord[]): number[] {
  return records.flatMap(({ posts }) =>
    posts.flatMap((post) => (post.connectionId === connectionId ? post.bytes : [])),
  );
}

function messagesUp({ connections }: Metrics, id: string): number {
  return connections[id]?.messagesUp ?? 0;
}
