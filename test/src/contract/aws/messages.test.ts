import type { SynthesisedStack } from '@hyperroom/infra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, Gate, startFixture, withTimeout } from './harness.ts';

interface Report {
  readonly event: {
    readonly body: string;
    readonly isBase64Encoded: boolean;
    readonly requestContext: Readonly<Record<string, unknown>>;
  };
  readonly sandbox: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly functionName: string;
  readonly remainingMs: number;
}

const internalServerError = {
  message: 'Internal server error',
  connectionId: expect.any(String),
  requestId: expect.any(String),
};

describe('a deployed stack', () => {
  const lines: string[] = [];
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ log: (functionName, line) => lines.push(`${functionName}: ${line}`) });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test('a message event has the fields of API Gateway', async () => {
    const client = await fixture.connect({ token: 'alice' });
    const { event } = await client.ask<Report>('not JSON');
    expect(event).toEqual({
      body: 'not JSON',
      isBase64Encoded: false,
      requestContext: {
        routeKey: '$default',
        eventType: 'MESSAGE',
        messageDirection: 'IN',
        stage: 'live',
        messageId: expect.stringMatching(/^[\w-]{15}=$/),
        connectionId: expect.stringMatching(/^[\w-]{15}=$/),
        extendedRequestId: expect.any(String),
        requestId: expect.any(String),
        connectedAt: expect.any(Number),
        requestTimeEpoch: expect.any(Number),
        requestTime: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        domainName: expect.stringContaining('.execute-api.'),
        apiId: expect.any(String),
        identity: { sourceIp: '127.0.0.1' },
        authorizer: expect.objectContaining({ name: 'alice' }),
      },
    });
  });

  test('a disconnect event tells code and reason, and whose connection it was', async () => {
    const client = await fixture.connect({ token: 'bob' });
    const { event } = await client.ask<Report>({ do: 'report' });
    client.socket.close(4001, 'enough');
    const connectionId = String(event.requestContext.connectionId);
    expect((await fixture.disconnectEvent(connectionId)).requestContext).toMatchObject({
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      connectionId,
      disconnectStatusCode: 4001,
      disconnectReason: 'enough',
      authorizer: { name: 'bob' },
    });
  });

  test('a function sees its own environment and nothing of the host', async () => {
    const client = await fixture.connect();
    const { environment, functionName, remainingMs } = await client.ask<Report>({ do: 'report' });
    expect(environment).toMatchObject({
      TABLE_NAME: fixture.tableName,
      DOMAIN: 'localhost',
      ALLOW_ANONYMOUS: 'true',
      MANAGEMENT_ENDPOINT: fixture.emulator.managementUrl,
      AWS_ENDPOINT_URL_DYNAMODB: fixture.emulator.dynamoDbUrl,
      AWS_LAMBDA_FUNCTION_NAME: functionName,
    });
    expect(environment).not.toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('TOKEN_SECRET_ARN');
    expect(remainingMs).toBeGreaterThan(10_000);
  });

  test('what a function prints goes to the log', async () => {
    const client = await fixture.connect();
    const { event } = await client.ask<Report>({ do: 'report' });
    const line = `message: reporting to ${event.requestContext.connectionId}`;
    await expect.poll(() => lines).toContain(line);
  });

  test('messages of one connection run at the same time, and may end in any order', async () => {
    const gate = await Gate.open();
    const client = await fixture.connect();
    client.send({ do: 'wait', gate: `${gate.url}/first`, label: 'first' });
    client.send({ do: 'wait', gate: `${gate.url}/second`, label: 'second' });
    await gate.arrivals(2);
    gate.release('second');
    expect(await client.next()).toEqual({ label: 'second' });
    gate.release('first');
    expect(await client.next()).toEqual({ label: 'first' });
  });

  test('one after the other they share a sandbox', async () => {
    const client = await fixture.connect();
    const first = await client.ask<Report>({ do: 'report' });
    await fixture.settled();
    expect((await client.ask<Report>({ do: 'report' })).sandbox).toBe(first.sandbox);
  });

  test('a handler that throws leads to an error frame, and its sandbox lives on', async () => {
    const client = await fixture.connect();
    const before = await client.ask<Report>({ do: 'report' });
    await fixture.settled();
    expect(await client.ask({ do: 'throw' })).toEqual(internalServerError);
    expect((await client.ask<Report>({ do: 'report' })).sandbox).toBe(before.sandbox);
  });

  test.each(['crash', 'exit'])('a handler that does %s takes only its own sandbox down', async (what) => {
    const gate = await Gate.open();
    const bystander = await fixture.connect();
    bystander.send({ do: 'wait', gate: `${gate.url}/bystander`, label: 'alive' });
    await gate.arrivals(1);
    const client = await fixture.connect();
    const before = await client.ask<Report>({ do: 'report' });
    await fixture.settled(1);
    expect(await client.ask({ do: what })).toEqual(internalServerError);
    expect((await client.ask<Report>({ do: 'report' })).sandbox).not.toBe(before.sandbox);
    gate.release('bystander');
    expect(await bystander.next()).toEqual({ label: 'alive' });
  });
});

test('a function that exceeds its timeout is killed', async () => {
  await using fixture = await startFixture({ edit: withTimeout('Message', 1) });
  const client = await fixture.connect();
  expect(await client.ask({ do: 'spin' })).toEqual(internalServerError);
  const { journal } = await fixture.emulator.metrics();
  expect(journal.at(-1)).toMatchObject({ function: 'message', error: 'Sandbox.Timedout' });
  expect(await client.ask({ do: 'read', inSequence: 0, atOnce: 0 })).toEqual({ done: true });
});

test('the gateway stops waiting for a function before the function ends', async () => {
  await using fixture = await startFixture({ limits: { integrationMs: 200 } });
  const gate = await Gate.open();
  const client = await fixture.connect();
  expect(await client.ask({ do: 'wait', gate: `${gate.url}/late`, label: 'late' })).toMatchObject({
    message: 'Endpoint request timed out',
  });
  await gate.arrivals(1);
  gate.release('late');
  expect(await client.next()).toEqual({ label: 'late' });
});

test.each([
  ['natural', { mode: 'natural' } as const],
  ['reorder', { mode: 'reorder', seed: 7 } as const],
])('%s delivery', async (_, delivery) => {
  // With one sandbox the answers come in the order of invocation.
  await using fixture = await startFixture({ delivery, limits: { sandboxesPerFunction: 1 } });
  const sent = Array.from({ length: 8 }, (_, index) => `message ${index}`);
  const orders = await Promise.all(
    ['one', 'two'].map(async (token) => {
      const client = await fixture.connect({ token });
      for (const body of sent) client.send(body);
      const order: string[] = [];
      while (order.length < sent.length) order.push((await client.next<Report>()).event.body);
      return order;
    }),
  );
  for (const order of orders) {
    expect(order.toSorted()).toEqual(sent);
    if (delivery.mode === 'natural') expect(order).toEqual(sent);
    else expect(order).not.toEqual(sent);
  }
});

test('beyond the rate of requests a message is refused', async () => {
  await using fixture = await startFixture({ limits: { requestsPerSecond: 0, requestBurst: 2 } });
  const client = await fixture.connect();
  // One message and one post.
  await client.ask({ do: 'read', inSequence: 0, atOnce: 0 });
  expect(await client.ask({ do: 'report' })).toMatchObject({ message: 'Too Many Requests' });
});

test('$disconnect can be lost', async () => {
  await using fixture = await startFixture({ delivery: { mode: 'natural', loseDisconnects: true } });
  const client = await fixture.connect();
  client.socket.close();
  await client.closed;
  await expect.poll(async () => (await fixture.emulator.metrics()).openConnections).toEqual([]);
  expect((await fixture.emulator.metrics()).total.invocations.disconnect).toBeUndefined();
});

test('beyond what the stage lets through a message and a connection are refused', async () => {
  await using fixture = await startFixture({ edit: (stack) => throttled(stack, { rate: 0, burst: 1 }) });
  const client = await fixture.connect();
  await client.ask({ do: 'read', inSequence: 0, atOnce: 0 });
  expect(await client.ask({ do: 'report' })).toMatchObject({ message: 'Too Many Requests' });
  await expect(fixture.connect()).rejects.toMatchObject({ status: 429 });
});

function throttled(stack: SynthesisedStack, { rate, burst }: { rate: number; burst: number }): SynthesisedStack {
  const DefaultRouteSettings = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
  const resources = Object.entries(stack.template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::ApiGatewayV2::Stage') return [id, resource];
    return [id, { ...resource, Properties: { ...resource.Properties, DefaultRouteSettings } }];
  });
  return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(resources) } };
}
