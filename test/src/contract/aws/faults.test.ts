import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, type Fixture, startFixture } from './harness.ts';

let fixture: Fixture;
let client: Client;
let id: string;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(async () => {
  client = await fixture.connect();
  id = await fixture.newestConnection();
});

const post = () => fixture.management.send(new PostToConnectionCommand({ ConnectionId: id, Data: '"hello"' }));
const disconnects = async () => (await fixture.emulator.metrics()).total.invocations.disconnect ?? 0;

test('a dropped connection ends without a handshake, and $disconnect tells of it', async () => {
  fixture.emulator.faults.dropConnection(id);
  expect(await client.closed).toEqual({ code: 1006, reason: '' });
  expect((await fixture.disconnectEvent(id)).requestContext).toMatchObject({ connectionId: id });
  await expect(post()).rejects.toMatchObject({ name: 'GoneException' });
});

test('of one that is dropped silently nothing tells', async () => {
  const before = await disconnects();
  fixture.emulator.faults.dropConnection(id, { silently: true });
  await client.closed;
  await expect.poll(() => fixture.emulator.faults.connections()).not.toContain(id);
  // What comes later has been told: what came before never will be.
  const other = await fixture.connect();
  const otherId = await fixture.newestConnection();
  other.socket.close();
  await fixture.disconnectEvent(otherId);
  expect(await disconnects()).toBe(before + 1);
});

test('a stalled one takes what is sent, brings nothing, and is never seen to end', async () => {
  const { emulator } = fixture;
  emulator.faults.stallConnection(id);
  await post();
  const { messagesUp } = (await emulator.metrics()).total;
  client.send({ do: 'anything' });
  client.socket.terminate();
  await client.closed;
  const other = await fixture.connect();
  const otherId = await fixture.newestConnection();
  other.socket.close();
  await fixture.disconnectEvent(otherId);
  expect(emulator.faults.connections()).toContain(id);
  expect((await emulator.metrics()).total.messagesUp).toBe(messagesUp);
  await post();
});

test('a connection that is not open cannot be broken', () => {
  expect(() => fixture.emulator.faults.dropConnection('nobody')).toThrow('no connection nobody is open');
});
