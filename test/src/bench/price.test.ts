import type { InvocationRecord } from '@hyperroom/local/aws';
import { expect, it } from 'vitest';
import { type JoinTraffic, pricePerMillion } from './price.ts';

function invocation(fields: Partial<InvocationRecord>): InvocationRecord {
  return {
    function: 'message',
    connectionId: '',
    routeKey: '$default',
    startedAt: 0,
    durationMs: 0,
    cold: false,
    reads: 0,
    writes: 0,
    roundTrips: 0,
    posts: [],
    ...fields,
  };
}

const nothing: JoinTraffic = { messages: [], invocations: [], memoryOf: () => 1024, roomBytes: 0, roomWrites: 0 };

it('pays for each 32 KB of a message, and at least for one', () => {
  expect(pricePerMillion({ ...nothing, messages: [0, 1, 32 * 1024] }).messages).toBeCloseTo(3);
  expect(pricePerMillion({ ...nothing, messages: [32 * 1024 + 1] }).messages).toBeCloseTo(2);
});

it('pays for invocations and their gigabyte-seconds, by the whole millisecond', () => {
  const price = pricePerMillion({ ...nothing, invocations: [invocation({ durationMs: 9.2 }), invocation({})] });
  expect(price.invocations).toBeCloseTo(0.4);
  expect(price.compute).toBeCloseTo(0.01 * 13.3334);
});

it('pays for the room by its size, and for an address with its index', () => {
  const invocations = [invocation({ writes: 2 }), invocation({ writes: 1 })];
  const price = pricePerMillion({ ...nothing, invocations, roomBytes: 1500, roomWrites: 2 });
  expect(price.database).toBeCloseTo((2 * 2 + 1 * 2) * 0.625);
});

it('adds up', () => {
  const { total, ...parts } = pricePerMillion({
    ...nothing,
    messages: [1],
    invocations: [invocation({ durationMs: 5, reads: 1 })],
  });
  expect(total).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part, 0));
  expect(parts.database).toBeCloseTo(0.125);
});
