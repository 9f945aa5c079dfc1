import type { Metrics } from '@hyperroom/local/aws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Fixture, Gate, startFixture } from './harness.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function connect(): Promise<{ client: Client; connectionId: string }> {
  const client = await fixture.connect();
  return { client, connectionId: await fixture.newestConnection() };
}

async function fetchMetrics(): Promise<Metrics> {
  const response = await fetch(fixture.emulator.metricsUrl);
  return (await response.json()) as Metrics;
}

test('what a message costs is counted for its connection and in the journal', async () => {
  const { client, connectionId } = await connect();
  const other = await connect();
  client.send({ do: 'join', room: 'nowhere', who: 'me', max: 1 });
  client.send({ do: 'read', inSequence: 2, atOnce: 3 });
  await client.next();
  await client.next();
  await fixture.settled();
  const { connections, journal } = await fetchMetrics();
  expect(connections[connectionId]).toMatchObject({
    messagesUp: 2,
    messagesDown: 2,
    invocations: { authorizer: 1, connect: 1, message: 2 },
    reads: 5,
    writes: 1,
    operations: { GetItem: 5, UpdateItem: 1 },
    posts: 2,
    postsGone: 0,
  });
  const [reading] = journal.filter((invocation) => invocation.connectionId === connectionId && invocation.reads > 0);
  expect(reading).toMatchObject({
    function: 'message',
    routeKey: '$default',
    reads: 5,
    writes: 0,
    cold: expect.any(Boolean),
  });
  // Two in sequence, then three at once.
  expect(reading?.roundTrips).toBe(3);
  expect(reading?.posts).toEqual([{ connectionId, bytes: '{"done":true}'.length, status: 200 }]);
  expect(connections[other.connectionId]).toMatchObject({ messagesUp: 0, reads: 0, writes: 0, posts: 0 });
});

test('a post counts for who caused it as a post, for who got it as a message', async () => {
  const sender = await connect();
  const receiver = await connect();
  await sender.client.ask({ do: 'post', to: receiver.connectionId, text: '"hi"' });
  const { connections } = await fetchMetrics();
  expect(connections[receiver.connectionId]).toMatchObject({ messagesDown: 1, bytesDown: 4, posts: 0 });
  expect(connections[sender.connectionId]).toMatchObject({ messagesDown: 1, posts: 2 });
});

test('posts to nobody are counted apart', async () => {
  const { client, connectionId } = await connect();
  expect(await client.ask({ do: 'post', to: 'AAAAAAAAAAAAAAA=', text: '"hi"' })).toEqual({ status: 410 });
  expect((await fetchMetrics()).connections[connectionId]).toMatchObject({ posts: 2, postsGone: 1 });
});

test('concurrent invocations are told apart', async () => {
  const gate = await Gate.open();
  const [reader, waiter] = [await connect(), await connect()];
  waiter.client.send({ do: 'wait', gate: `${gate.url}/waiter`, label: 'waited' });
  await gate.arrivals(1);
  await reader.client.ask({ do: 'read', inSequence: 4, atOnce: 0 });
  gate.release('waiter');
  await waiter.client.next();
  const { connections } = await fetchMetrics();
  expect(connections[reader.connectionId]).toMatchObject({ reads: 4, roundTrips: 4 });
  expect(connections[waiter.connectionId]).toMatchObject({ reads: 0, roundTrips: 0 });
});

test('a cold start is counted where it was suffered', async () => {
  await using cold = await startFixture({ warmSandboxes: 0 });
  const client = await cold.connect();
  await client.ask({ do: 'report' });
  await client.ask({ do: 'report' });
  const { total } = await cold.emulator.metrics();
  expect(total.invocations).toEqual({ authorizer: 1, connect: 1, message: 2 });
  expect(total.coldStarts).toBe(3);
});

test('items and open connections tell what is left', async () => {
  await using fresh = await startFixture();
  expect(await fresh.emulator.metrics()).toMatchObject({ items: 0, openConnections: [] });
  const client = await fresh.connect();
  const connectionId = await fresh.onlyConnection();
  client.socket.close();
  await fresh.disconnectEvent(connectionId);
  expect(await fresh.emulator.metrics()).toMatchObject({ items: 1, openConnections: [] });
});
