import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Client, type Fixture, startFixture } from './harness.ts';

let fixture: Fixture;
let client: Client;
let ConnectionId: string;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(async () => {
  client = await fixture.connect();
  ConnectionId = await fixture.newestConnection();
});

function post(Data: string, management = fixture.management) {
  return management.send(new PostToConnectionCommand({ ConnectionId, Data }));
}

test('a post reaches the client', async () => {
  const { $metadata } = await post('"hello"');
  expect($metadata.httpStatusCode).toBe(200);
  expect(await client.next()).toBe('hello');
});

test('a long post comes in one message', async () => {
  const text = 'é'.repeat(50_000);
  await post(JSON.stringify(text));
  expect(await client.next()).toBe(text);
});

test('413 over 128 KB', async () => {
  await expect(post('x'.repeat(128 * 1024 + 1))).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
  await expect(post(`"${'x'.repeat(128 * 1024 - 2)}"`)).resolves.toBeDefined();
});

test('410 to a connection that is gone, and to one that never was', async () => {
  client.socket.close();
  await client.closed;
  await expect.poll(() => post('"hello"').catch(({ name }) => name)).toBe('GoneException');
  ConnectionId = 'AAAAAAAAAAAAAAA=';
  await expect(post('"hello"')).rejects.toMatchObject({
    name: 'GoneException',
    $metadata: { httpStatusCode: 410 },
  });
});

test('403 unsigned', async () => {
  const url = `${fixture.emulator.managementUrl}/@connections/${encodeURIComponent(ConnectionId)}`;
  const response = await fetch(url, { method: 'POST', body: '"hello"' });
  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
});

test.each([
  ['an unknown key', { accessKeyId: 'AKIAUNKNOWN' }, 'UnrecognizedClientException'],
  ['a wrong secret', { secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
])('403 signed with %s', async (_, wrong, name) => {
  const { region, credentials, managementUrl } = fixture.emulator;
  const stranger = new ApiGatewayManagementApiClient({
    region,
    credentials: { ...credentials, ...wrong },
    endpoint: managementUrl,
  });
  await expect(post('"hello"', stranger)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
});

test('a connection can be asked for', async () => {
  const { ConnectedAt, LastActiveAt, Identity } = await fixture.management.send(
    new GetConnectionCommand({ ConnectionId }),
  );
  expect(ConnectedAt?.getTime()).toBeLessThanOrEqual(Date.now());
  expect(LastActiveAt).toBeInstanceOf(Date);
  expect(Identity?.SourceIp).toBe('127.0.0.1');
});

test('a connection can be closed', async () => {
  await fixture.management.send(new DeleteConnectionCommand({ ConnectionId }));
  expect(await client.closed).toMatchObject({ code: 1000 });
  expect((await fixture.disconnectEvent(ConnectionId)).requestContext).toMatchObject({
    disconnectStatusCode: 1000,
    disconnectReason: 'Connection Closed Normally',
  });
  await expect(fixture.management.send(new GetConnectionCommand({ ConnectionId }))).rejects.toMatchObject({
    name: 'GoneException',
  });
});

test('429 beyond the rate of requests', async () => {
  await using throttled = await startFixture({ limits: { requestsPerSecond: 0, requestBurst: 1 } });
  await throttled.connect();
  const command = new PostToConnectionCommand({ ConnectionId: await throttled.newestConnection(), Data: '"hello"' });
  const patient = new ApiGatewayManagementApiClient({
    region: throttled.emulator.region,
    credentials: throttled.emulator.credentials,
    endpoint: throttled.emulator.managementUrl,
    maxAttempts: 1,
  });
  await patient.send(command);
  await expect(patient.send(command)).rejects.toMatchObject({ name: 'LimitExceededException' });
});
