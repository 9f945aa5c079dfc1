import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RpcClient } from './rpc-client.ts';
import { isObject, type JsonObject } from './trace.ts';

let engine: KurentoEngine;
const clients: RpcClient[] = [];

async function start(options: Parameters<typeof startKurentoEngine>[0] = {}): Promise<RpcClient> {
  engine = await startKurentoEngine(options);
  return connect();
}

async function connect(): Promise<RpcClient> {
  const client = await RpcClient.open(engine.url);
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await engine.close();
});

async function endpointOf(client: RpcClient, pipeline: string): Promise<string> {
  return client.create('WebRtcEndpoint', { mediaPipeline: pipeline });
}

describe('framing', () => {
  it('drops a socket that sends no JSON, without a close frame', async () => {
    const client = await start();
    client.sendText('{"jsonrpc":');
    expect(await client.closed()).toBe(1006);
  });

  it('reads binary frames as text', async () => {
    const client = await start();
    const reply = await client.exchange({ jsonrpc: '2.0', id: 1, method: 'ping' }, { binary: true });
    expect(reply.result).toEqual({ value: 'pong' });
  });

  it('wants params on a socket without a session', async () => {
    const client = await start();
    const reply = await client.exchange({ jsonrpc: '2.0', id: 1, method: 'describe' });
    expect(reply.error).toEqual({ code: -32602, data: { type: 'INVALID_PARAMS' }, message: "'params' is required" });
  });
});

describe('the reply cache', () => {
  it('repeats a reply for 20 s, errors too, and then answers anew', async () => {
    let now = 1_000_000;
    const client = await start({ now: () => now });
    const sessionId = (await client.call('connect')).sessionId ?? null;
    const ask = (method: string, params: JsonObject) =>
      client.exchange({ jsonrpc: '2.0', id: 500, method, params: { ...params, sessionId } });
    const failed = await ask('invoke', { object: 'nothing', operation: 'getName' });
    expect(failed.error).toMatchObject({ code: 40101 });
    now += 19_999;
    expect(await ask('create', { type: 'MediaPipeline' })).toEqual(failed);
    now += 1;
    expect(await ask('create', { type: 'MediaPipeline' })).toMatchObject({ result: { sessionId } });
  });
});

describe('sessions', () => {
  it('collects the objects of a dropped session after two rounds at the latest', async () => {
    const client = await start({ collectorIntervalMs: 200 });
    await endpointOf(client, await client.create('MediaPipeline'));
    client.terminate();
    const dropped = performance.now();
    await vi.waitFor(() => expect(engine.counts()).toEqual({ pipelines: 0, endpoints: 0 }), { timeout: 2000 });
    expect(performance.now() - dropped).toBeGreaterThan(150);
  });

  it('keeps the objects of an open socket however long it is silent', async () => {
    const client = await start({ collectorIntervalMs: 50 });
    await client.create('MediaPipeline');
    const other = await connect();
    await other.create('MediaPipeline');
    other.terminate();
    await vi.waitFor(() => expect(engine.counts().pipelines).toBe(1)); // the other's was collected
    expect(engine.counts().pipelines).toBe(1);
  });

  it('lets a session that touches an object keep it when its maker is gone', async () => {
    const maker = await start({ collectorIntervalMs: 100 });
    const pipeline = await maker.create('MediaPipeline');
    await endpointOf(maker, pipeline);
    const other = await connect();
    await other.invoke('manager_ServerManager', 'getPipelines');
    const unrelated = await connect();
    await unrelated.create('MediaPipeline');
    maker.terminate();
    unrelated.terminate();
    await vi.waitFor(() => expect(engine.counts().pipelines).toBe(1));
    expect(engine.counts()).toEqual({ pipelines: 1, endpoints: 1 });
  });

  it('hands a session over with its subscriptions, to the newest socket alone', async () => {
    const first = await start();
    await first.call('subscribe', { object: 'manager_ServerManager', type: 'ObjectCreated' });
    const second = await connect();
    await second.call('connect', { sessionId: first.session ?? '' });
    await second.create('MediaPipeline');
    await vi.waitFor(() => expect(second.events).toHaveLength(1));
    expect(first.events).toEqual([]);
  });

  it('tells a session once of an event to which it subscribed twice', async () => {
    const client = await start();
    const object = 'manager_ServerManager';
    const { value: one } = await client.call('subscribe', { object, type: 'ObjectCreated' });
    const { value: two } = await client.call('subscribe', { object, type: 'ObjectCreated' });
    expect(one).not.toBe(two);
    await client.create('MediaPipeline');
    expect(client.events).toHaveLength(1);
    await client.call('unsubscribe', { object, subscription: one ?? null });
    await client.create('MediaPipeline');
    expect(client.events).toHaveLength(2);
  });

  it('ends a session with its objects', async () => {
    const client = await start();
    await client.create('MediaPipeline');
    expect((await client.exchange({ jsonrpc: '2.0', id: 900, method: 'closeSession', params: {} })).result).toBeNull();
    expect(engine.counts().pipelines).toBe(0);
    await expect(client.call('connect', { sessionId: client.session ?? '' })).rejects.toMatchObject({ code: 40007 });
  });

  it('knows objects by reference counts of sessions', async () => {
    const maker = await start();
    const pipeline = await maker.create('MediaPipeline');
    const other = await connect();
    await other.call('connect');
    await other.call('ref', { object: pipeline });
    await maker.call('unref', { object: pipeline });
    expect(engine.counts().pipelines).toBe(1);
    await other.call('unref', { object: pipeline });
    expect(engine.counts().pipelines).toBe(0);
  });
});

describe('transactions', () => {
  const operation = (id: number, method: string, params: JsonObject) => ({ jsonrpc: '2.0', id, method, params });

  it('runs operations that refer to the results of earlier ones', async () => {
    const client = await start();
    const { value } = await client.call('transaction', {
      operations: [
        operation(0, 'create', { type: 'MediaPipeline' }),
        operation(1, 'create', { type: 'WebRtcEndpoint', constructorParams: { mediaPipeline: 'newref:0' } }),
        operation(2, 'invoke', { object: 'newref:1', operation: 'getName' }),
      ],
    });
    const [pipeline, endpoint, name] = Array.isArray(value) ? value : [];
    expect(pipeline).toMatchObject({ id: 0, jsonrpc: '2.0', result: { sessionId: client.session } });
    expect(isObject(endpoint) && isObject(endpoint.result) && endpoint.result.value).toBe(
      isObject(name) && isObject(name.result) && name.result.value,
    );
    expect(engine.counts()).toEqual({ pipelines: 1, endpoints: 1 });
  });

  it('stops at the first operation that fails', async () => {
    const client = await start();
    const { value } = await client.call('transaction', {
      operations: [operation(0, 'create', { type: 'Nonsense' }), operation(1, 'create', { type: 'MediaPipeline' })],
    });
    expect(value).toMatchObject([{ id: 0, error: { code: 40108 } }]);
    expect(engine.counts().pipelines).toBe(0);
  });

  it('refuses a reference to what is not there, and ids that do not count from 0', async () => {
    const client = await start();
    const dangling = { operations: [operation(0, 'release', { object: 'newref:4' })] };
    await expect(client.call('transaction', dangling)).rejects.toMatchObject({ code: 40008 });
    const misnumbered = { operations: [operation(7, 'ping', {})] };
    await expect(client.call('transaction', misnumbered)).rejects.toMatchObject({ code: 40008 });
  });
});

describe('what needs a real Kurento', () => {
  it.each(['RecorderEndpoint', 'Composite', 'PlayerEndpoint', 'GStreamerFilter'])(
    'does not exist: %s',
    async (type) => {
      const client = await start();
      await expect(client.create(type)).rejects.toMatchObject({
        code: 40108,
        data: { type: 'MEDIA_OBJECT_NOT_AVAILABLE' },
      });
    },
  );
});
