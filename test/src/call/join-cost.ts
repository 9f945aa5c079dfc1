import type { Metrics } from '@hyperroom/local/aws';
import type { PageJoin } from './page-report.ts';

/**
 * What a join cost, from the socket's opening to the joiner's answer.
 *
 * Messages are the frames on the joiner's socket until then, the answer's included. The rest is what the emulator
 * attributes to the function invocations that these messages caused, counted whole even where they outlast the answer.
 * What the handshake itself runs (authorizer and `$connect`, which touch no table) is counted apart. What follows from the join is
 * not its own: the media node's reports, and what others are told because of them.
 */
export interface JoinCost {
  readonly messagesUp: number;
  readonly messagesDown: number;
  readonly invocations: number;
  readonly handshakeInvocations: number;
  /** Items read from and written to DynamoDB. */
  readonly reads: number;
  readonly writes: number;
  /** DynamoDB requests in sequence. */
  readonly roundTrips: number;
}

export function joinCost({ journal }: Metrics, connectionId: string, join: PageJoin): JoinCost {
  const answeredAt = join.answeredAt ?? Number.POSITIVE_INFINITY;
  const caused = journal.filter((record) => record.connectionId === connectionId && record.startedAt <= answeredAt);
  const handshake = caused.filter(({ routeKey }) => routeKey === '$connect');
  const messages = caused.filter(({ routeKey }) => routeKey !== '$connect');
  const sum = (field: 'reads' | 'writes' | 'roundTrips') =>
    messages.reduce((total, record) => total + record[field], 0);
  return {
    messagesUp: join.messagesUp,
    messagesDown: join.messagesDown,
    invocations: messages.length,
    handshakeInvocations: handshake.length,
    reads: sum('reads'),
    writes: sum('writes'),
    roundTrips: sum('roundTrips'),
  };
}
