import type { InvocationRecord, Metrics } from '@hyperroom/local/aws';
import { expect, it } from 'vitest';
import { joinCost } from './join-cost.ts';

const join = {
  startedAt: 1000,
  answeredAt: 1100,
  messagesUp: 1,
  messagesDown: 1,
  bytesUp: 9,
  bytesDown: 9,
  laterOffers: 0,
};

function record(fields: Partial<InvocationRecord>): InvocationRecord {
  return {
    function: 'message',
    connectionId: 'joiner',
    routeKey: '$default',
    startedAt: 1020,
    durationMs: 10,
    cold: false,
    reads: 0,
    writes: 2,
    roundTrips: 2,
    posts: [],
    ...fields,
  };
}

function metrics(journal: InvocationRecord[]): Metrics {
  return { journal } as Partial<Metrics> as Metrics;
}

it('is what the frame of the join caused, the handshake apart', () => {
  const handshake = record({ function: 'authorizer', routeKey: '$connect', startedAt: 1001, writes: 0, roundTrips: 0 });
  expect(joinCost(metrics([handshake, { ...handshake, function: 'connect' }, record({})]), 'joiner', join)).toEqual({
    messagesUp: 1,
    messagesDown: 1,
    invocations: 1,
    handshakeInvocations: 2,
    reads: 0,
    writes: 2,
    roundTrips: 2,
  });
});

it('adds up a join that takes more than one frame', () => {
  const journal = [
    record({ reads: 1, roundTrips: 3 }),
    record({ startedAt: 1050, reads: 1, writes: 0, roundTrips: 1 }),
  ];
  const cost = joinCost(metrics(journal), 'joiner', { ...join, messagesUp: 2 });
  expect(cost).toMatchObject({ messagesUp: 2, invocations: 2, reads: 2, writes: 2, roundTrips: 4 });
});

it('leaves out what others cause, and what comes after the answer', () => {
  const journal = [record({}), record({ connectionId: 'agent' }), record({ startedAt: 1101 })];
  expect(joinCost(metrics(journal), 'joiner', join)).toMatchObject({ invocations: 1, writes: 2 });
});
