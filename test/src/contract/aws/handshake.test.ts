import { request } from 'node:http';
import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, type Fixture, Gate, startFixture, withQuery } from './harness.ts';

interface Report {
  readonly event: { readonly requestContext: { readonly authorizer?: Record<string, unknown> } };
}

describe('with an identity source', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ allowAnonymous: false });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test('401 without a token, and the authorizer is not asked', async () => {
    await expect(fixture.connect()).rejects.toMatchObject({ status: 401 });
    expect((await fixture.emulator.metrics()).total.invocations).toEqual({});
  });

  test.each([
    ['deny', 403],
    ['unauthorized', 401],
    ['throw', 500],
    ['nested', 500],
    ['fat', 500],
  ])('the authorizer that says %s leads to %i, and $connect is not invoked', async (token, status) => {
    await expect(fixture.connect({ token })).rejects.toMatchObject({ status });
    expect((await fixture.emulator.metrics()).total.invocations.connect).toBeUndefined();
  });

  test('the context, as strings, accompanies every message', async () => {
    const client = await fixture.connect({ token: 'alice' });
    for (const _ of ['first', 'second']) {
      const { event } = await client.ask<Report>({ do: 'report' });
      expect(event.requestContext.authorizer).toEqual({
        principalId: 'user://localhost/alice',
        name: 'alice',
        level: '7',
        moderate: 'true',
        integrationLatency: expect.any(Number),
      });
    }
  });
});

describe('without an identity source', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test('the authorizer is asked all the same', async () => {
    const client = await fixture.connect();
    const { event } = await client.ask<Report>({ do: 'report' });
    expect(event.requestContext.authorizer).toMatchObject({ name: 'anonymous' });
  });

  test.each([
    ['refuse', 403],
    ['throw', 502],
  ])('when $connect does %s the handshake is answered %i', async (what, status) => {
    await expect(fixture.connect({ do: what })).rejects.toMatchObject({ status });
  });

  test('a path outside the stage is forbidden', async () => {
    const url = new URL('/elsewhere', fixture.emulator.signallingUrl).href;
    await expect(Client.open(url)).rejects.toMatchObject({ status: 403 });
  });

  test('a post before $connect has returned finds nobody, one after it gets through', async () => {
    const gate = await Gate.open();
    const connecting = fixture.connect({ gate: gate.url });
    const [ConnectionId = ''] = await gate.arrivals(1);
    const command = new PostToConnectionCommand({ ConnectionId, Data: '"early"' });
    await expect(fixture.management.send(command)).rejects.toMatchObject({ name: 'GoneException' });
    gate.release(ConnectionId);
    const client = await connecting;
    await fixture.management.send(new PostToConnectionCommand({ ConnectionId, Data: '"late"' }));
    expect(await client.next()).toBe('late');
  });

  test('a client that leaves while $connect runs is disconnected like any other', async () => {
    const gate = await Gate.open();
    const url = new URL(withQuery(fixture.emulator.signallingUrl, { gate: gate.url }).replace('ws:', 'http:'));
    const handshake = request(url, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
      },
    });
    handshake.on('error', () => {}).end();
    const [connectionId = ''] = await gate.arrivals(1);
    handshake.destroy();
    gate.release(connectionId);
    expect((await fixture.disconnectEvent(connectionId)).requestContext).toMatchObject({ disconnectStatusCode: 1006 });
    expect((await fixture.emulator.metrics()).openConnections).not.toContain(connectionId);
  });

  test('the subprotocol that $connect echoes is chosen', async () => {
    const url = withQuery(fixture.emulator.signallingUrl, { do: 'echo-subprotocol' });
    const client = await Client.open(url, ['other', 'rethink']);
    expect(client.socket.protocol).toBe('rethink');
  });

  test('without the echo none is, and the client fails the connection', async () => {
    await expect(Client.open(fixture.emulator.signallingUrl, ['rethink'])).rejects.toThrow(
      'Server sent no subprotocol',
    );
  });
});

test('429 beyond the rate of new connections', async () => {
  await using fixture = await startFixture({ limits: { newConnectionsPerSecond: 2 } });
  const attempts = await Promise.allSettled(Array.from({ length: 5 }, () => fixture.connect()));
  const refused = attempts.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ reason: { status: 429 } });
});
