import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, Gate, startFixture, withTimeout } from './harness.ts';

describe('a deployed stack', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  function call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${fixture.emulator.httpApiUrl}${path}`, init);
  }

  test('an event has the fields of payload format 2.0', async () => {
    const response = await call('/v1/rooms/a%20b/participants?limit=2&tag=x&tag=y%2Cz', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer abc', 'User-Agent': 'a back end' },
      body: '{"name":"é"}',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/rooms/{room}/participants',
      rawPath: '/v1/rooms/a b/participants',
      rawQueryString: 'limit=2&tag=x&tag=y%2Cz',
      headers: expect.objectContaining({
        authorization: 'Bearer abc',
        'content-type': 'application/json',
        'content-length': '13',
        host: new URL(fixture.emulator.httpApiUrl).host,
        'user-agent': 'a back end',
        'x-forwarded-for': '127.0.0.1',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      queryStringParameters: { limit: '2', tag: 'x,y,z' },
      pathParameters: { room: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: expect.any(String),
        domainName: expect.stringContaining('.execute-api.'),
        domainPrefix: expect.any(String),
        http: {
          method: 'POST',
          path: '/v1/rooms/a b/participants',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'a back end',
        },
        requestId: response.headers.get('apigw-requestid'),
        routeKey: 'POST /v1/rooms/{room}/participants',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      body: '{"name":"é"}',
      isBase64Encoded: false,
    });
  });

  test('what a request does not have, its event does not have', async () => {
    const event = await (await call('/v1/rooms')).json();
    for (const field of ['body', 'cookies', 'pathParameters', 'queryStringParameters']) {
      expect(event).not.toHaveProperty(field);
    }
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false, headers: { 'content-length': '0' } });
    expect(event).not.toHaveProperty('headers.connection');
  });

  test('headers that come twice are joined, and cookies set apart', async () => {
    const asked = request(`${fixture.emulator.httpApiUrl}/v1/rooms`, {
      headers: { 'X-Tag': ['one', 'two'], Cookie: 'a=1; b=2' },
    }).end();
    const body = await new Promise<string>((resolve) => asked.on('response', (response) => resolve(text(response))));
    const event = JSON.parse(body);
    expect(event).toMatchObject({ headers: { 'x-tag': 'one,two' }, cookies: ['a=1', 'b=2'] });
    expect(event).not.toHaveProperty('headers.cookie');
  });

  test.each(['application/octet-stream', 'application/x-www-form-urlencoded'])(
    'a body of type %s is encoded',
    async (type) => {
      const response = await call('/v1/rooms', { method: 'POST', headers: { 'content-type': type }, body: 'a=1' });
      expect(await response.json()).toMatchObject({ body: 'YT0x', isBase64Encoded: true });
    },
  );

  test.each([
    ['GET', '/v1/rooms/'],
    ['GET', '/v1/rooms//participants'],
    ['PUT', '/v1/rooms'],
    ['OPTIONS', '/v1/rooms'],
    ['GET', '/v2/rooms'],
    // Decoded before it is routed.
    ['GET', '/v1/rooms/a%2Fb'],
  ])('404 for %s %s, and no function is asked', async (method, path) => {
    const before = (await fixture.emulator.metrics()).total.invocations.api;
    const response = await call(path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
    expect((await fixture.emulator.metrics()).total.invocations.api).toBe(before);
  });

  test('400 for a path that cannot be decoded', async () => {
    expect((await call('/v1/rooms/%E0%A4%A')).status).toBe(400);
  });

  test('the result of the function is the response', async () => {
    const response = await call('/v1/rooms?do=headers');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('location')).toBe('/v1/rooms/new');
    expect(response.headers.get('x-number')).toBe('7');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Path=/']);
    expect(await response.json()).toEqual({ created: true });
  });

  test.each([
    ['status&status=409', 409, 'text/plain;charset=UTF-8', 'status 409'],
    ['text', 200, 'application/json', 'plain text'],
    ['nothing', 200, 'application/json', 'null'],
    ['empty', 204, null, ''],
    ['throw', 500, 'application/json', '{"message":"Internal Server Error"}'],
    ['misshapen', 500, 'application/json', '{"message":"Internal Server Error"}'],
  ])('a function that does %s leads to %i', async (what, status, type, body) => {
    const response = await call(`/v1/rooms?do=${what}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(body);
  });

  test('413 over 10 MB', async () => {
    const tooLong = Buffer.alloc(10 * 1024 * 1024 + 1);
    const response = await call('/v1/rooms', { method: 'POST', body: tooLong });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Entity Too Large' });
  });

  test('the function has what the stack gives it, with the URLs of the emulator', async () => {
    const { environment } = (await (await call('/v1/rooms?do=environment')).json()) as {
      environment: Record<string, string>;
    };
    expect(environment).toMatchObject({
      DOMAIN: 'localhost',
      TABLE_NAME: fixture.tableName,
      TOKEN_SECRET_ARN: fixture.emulator.outputs.TokenSecretArn,
      SIGNALLING_URL: fixture.emulator.signallingUrl,
      MANAGEMENT_ENDPOINT: fixture.emulator.managementUrl,
    });
    expect(environment).not.toHaveProperty('EVENT_BUS_NAME');
    expect(fixture.emulator.outputs.HttpApiUrl).toBe(fixture.emulator.httpApiUrl);
  });

  test("its invocations are in the journal, on no connection's account", async () => {
    await call('/v1/rooms/journalled');
    const { journal } = await fixture.emulator.metrics();
    const [invocation] = journal.slice(-1);
    expect(invocation).toMatchObject({ function: 'api', routeKey: 'GET /v1/rooms/{room}' });
    expect(invocation).not.toHaveProperty('connectionId');
  });
});

test('503 when the function takes too long, and it goes on running', async () => {
  await using fixture = await startFixture({ limits: { httpIntegrationMs: 200 } });
  const gate = await Gate.open();
  const url = `${fixture.emulator.httpApiUrl}/v1/rooms?gate=${encodeURIComponent(`${gate.url}/late`)}`;
  const response = await fetch(url);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ message: 'Service Unavailable' });
  await gate.arrivals(1);
  gate.release('late');
  await fixture.settled();
  expect((await fixture.emulator.metrics()).journal).toMatchObject([{ function: 'api' }]);
});

test('500 when the function exceeds its own timeout', async () => {
  await using fixture = await startFixture({ edit: withTimeout('ApiFunction', 1) });
  const gate = await Gate.open();
  const url = `${fixture.emulator.httpApiUrl}/v1/rooms?gate=${encodeURIComponent(`${gate.url}/never`)}`;
  expect((await fetch(url)).status).toBe(500);
});

test('429 beyond the rate of requests', async () => {
  await using fixture = await startFixture({ limits: { requestsPerSecond: 0, requestBurst: 1 } });
  const url = `${fixture.emulator.httpApiUrl}/v1/rooms`;
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url)).status).toBe(429);
});
