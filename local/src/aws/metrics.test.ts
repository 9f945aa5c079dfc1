import { expect, test } from 'vitest';
import { Meter } from './metrics.ts';

test('an invocation is counted when it begins and journalled when it ends', () => {
  const meter = new Meter();
  const invocation = meter.begin({ function: 'message', connectionId: 'a', routeKey: '$default' });
  invocation.roundTrip();
  invocation.databaseAccess({ operation: 'UpdateItem', reads: 0, writes: 1 });
  invocation.posted({ connectionId: 'b', bytes: 3, status: 410 });
  const running = meter.snapshot();
  expect(running.connections.a).toMatchObject({ invocations: { message: 1 }, writes: 1, roundTrips: 1, postsGone: 1 });
  expect(running.connections.b).toBeUndefined();
  expect(running.journal).toEqual([]);
  invocation.end('Sandbox.Timedout');
  expect(meter.snapshot().journal).toMatchObject([{ function: 'message', error: 'Sandbox.Timedout', writes: 1 }]);
  expect(running.journal).toEqual([]);
});

test('what no connection caused is counted in the total alone', () => {
  const meter = new Meter();
  meter.databaseAccess(undefined, { operation: 'GetItem', reads: 1, writes: 0 });
  meter.begin({ function: 'api', routeKey: 'GET /v1/rooms' }).end();
  expect(meter.snapshot()).toMatchObject({
    total: { reads: 1, operations: { GetItem: 1 }, invocations: { api: 1 } },
    journal: [{ function: 'api', routeKey: 'GET /v1/rooms' }],
  });
  expect(meter.snapshot().connections).toEqual({});
});

test('memory is bounded: the oldest connections and invocations are forgotten', () => {
  const meter = new Meter();
  for (let index = 0; index < 10_001; index += 1) {
    meter.begin({ function: 'message', connectionId: `c${index}`, routeKey: '$default' }).end();
  }
  const { connections, journal, total } = meter.snapshot();
  expect(Object.keys(connections)).toHaveLength(10_000);
  expect(connections).not.toHaveProperty('c0');
  expect(journal).toHaveLength(1000);
  expect(journal.at(-1)?.connectionId).toBe('c10000');
  expect(total.invocations).toEqual({ message: 10_001 });
});
