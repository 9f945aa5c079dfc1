import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { domainAddresses, type Message } from '@hyperroom/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gateway, lenient, openGateway } from './gateway.ts';
import { type Components, messagingNode } from './messaging-node/messaging-node.ts';
import { RATE, rateLimit } from './messaging-node/rate-limit.ts';
import { anonymousContext, sessionOf } from './messaging-node/session.ts';
import type { Samples } from './metrics.ts';
import { isThrottled } from './overload.ts';
import { openTable } from './store/table.ts';

/** AWS, which has had enough. */
let server: Server;
let asked = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    const table = request.headers['x-amz-target'] !== undefined;
    response.writeHead(table ? 400 : 429, { 'x-amzn-ErrorType': 'LimitExceededException' });
    response.end(JSON.stringify(table ? { __type: 'a#ProvisionedThroughputExceededException' } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url);
  vi.stubEnv('MANAGEMENT_ENDPOINT', url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

const read = () => openTable('table').documents.send(new GetCommand({ TableName: 'table', Key: { pk: 'any' } }));
const gateway = () => openGateway(process.env.MANAGEMENT_ENDPOINT ?? '');
const aMessage = (id: number): Message => ({ id, type: 'read', from: 'a://b/c', to: 'd://e/f', body: {} });

/** A messaging node whose every message does this, and what it answers. */
function node(work: () => Promise<unknown>) {
  const component = async () => void (await work());
  const components: Components = {
    session: component,
    allocation: component,
    subscriptions: component,
    registry: component,
    conference: component,
    rooms: component,
    media: component,
    relay: component,
  };
  const answers: Message[] = [];
  const counted: Samples[] = [];
  const open: Gateway = {
    post: async (_, messages) => answers.push(...messages) > 0,
    isOpen: async () => true,
    close: async () => {},
  };
  const metrics = { record: (samples: Samples) => void counted.push(samples) };
  const addresses = domainAddresses('localhost');
  const receive = messagingNode(
    addresses,
    components,
    open,
    async () => {},
    rateLimit(() => 0, metrics),
    () => {},
  );
  const session = sessionOf({ connectionId: 'socket', connectedAt: 0 }, anonymousContext('localhost', 'socket'));
  return { answers, counted, receive: (...messages: Message[]) => receive(JSON.stringify(messages), session) };
}

describe('too many requests', () => {
  it('are known by what the table and the gateway answer, once they were repeated', async () => {
    for (const request of [read, () => gateway().post('socket', [aMessage(1)])]) {
      asked = 0;
      const error = await request().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(isThrottled(error)).toBe(true);
      expect(asked).toBeGreaterThan(1);
    }
    expect(isThrottled(new Error('something else'))).toBe(false);
  }, 20_000);

  it('are refused with 429 and when to ask again', async () => {
    const { receive, answers } = node(read);
    await receive(aMessage(1));
    expect(answers).toMatchObject([{ id: 1, body: { code: 429, retryAfter: expect.any(Number) } }]);
  }, 20_000);

  it('of one connection, likewise', async () => {
    const { receive, answers, counted } = node(async () => {});
    for (let sent = 0; sent < RATE.burst + 20; sent += 20) {
      await receive(...Array.from({ length: 20 }, (_, n) => aMessage(sent + n)));
    }
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => RATE.burst + n));
    for (const { body } of answers) expect(body).toMatchObject({ code: 429, retryAfter: expect.any(Number) });
    expect(counted).toEqual(answers.map(() => ({ RateLimited: 1 })));
  });

  it('keep nobody from what is told to many', async () => {
    await expect(lenient(gateway()).post('socket', [aMessage(1)])).resolves.toBe(true);
  }, 20_000);
});
