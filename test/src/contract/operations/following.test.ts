import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { type AgentConfig, type RunningAgent, readConfig, startAgent } from '@hyperroom/media-agent';
import type { Connection, TokenClaims } from '@hyperroom/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BrowserPeer } from '../kurento/browser-peer.ts';
import { aConnection, aJoin } from '../signalling/joins.ts';
import { aRegistration, at, DOMAIN, type Signalling, startSignalling, WAIT } from '../signalling/signalling.ts';

/* What whoever operates a deployment sees of a join: real functions, a real agent and the engine, and all that they log. */

const ALICE = {
  sub: `user://${DOMAIN}/alice.liddell`,
  name: 'Alice Liddell',
  role: 'participant',
  metadata: { mail: 'alice@example.test' },
  grants: { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: false },
} as const satisfies Partial<TokenClaims>;

type Line = Readonly<Record<string, unknown>>;

let signalling: Signalling;
let engine: KurentoEngine;
let agent: RunningAgent;
const publisher = new BrowserPeer('publisher');
const text: string[] = [];

beforeAll(async () => {
  [signalling, engine] = await Promise.all([
    startSignalling(1, { log: (_, line) => text.push(line) }),
    startKurentoEngine(),
  ]);
  const { emulator } = signalling;
  vi.stubEnv('AWS_ACCESS_KEY_ID', emulator.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', emulator.credentials.secretAccessKey);
  const config = readConfig([], {
    SIGNALLING_URL: emulator.signallingUrl,
    MANAGEMENT_ENDPOINT: emulator.managementUrl,
    AWS_REGION: emulator.region,
    DOMAIN,
    NODE_ID: 'media-1',
    TOKEN: await signalling.nodeToken('media-1'),
    KURENTO_URL: engine.url,
    HEALTH_PORT: '0',
  });
  const entry = (level: string) => (message: string, fields?: object) =>
    void text.push(JSON.stringify({ level, message, ...fields }));
  const log = { info: entry('info'), warn: entry('warn'), error: entry('error') };
  agent = await startAgent(config as AgentConfig, { log });
});
afterAll(async () => {
  await publisher.close();
  await agent?.retire();
  await signalling?.close();
  await engine?.close();
  vi.unstubAllEnvs();
});

const lines = (): Line[] => text.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

async function offer(): Promise<Connection> {
  return aConnection(at.hyperty('rabbit-1'), 'rabbit-out', 'publish', { sdp: await publisher.offer() });
}

function seriesOf(metrics: Awaited<ReturnType<Signalling['emulator']['metrics']>>) {
  return Object.fromEntries(
    metrics.series.map(({ name, dimensions, sum, last }) => [
      [name, ...Object.values(dimensions)].join(' '),
      { sum, last },
    ]),
  );
}

test('one join is found by its trace in every log, down to the objects of Kurento', async () => {
  const peer = await signalling.client(ALICE);
  const url = at.hyperty('rabbit-1');
  const trace = 'rabbit-1-1';
  peer.send(
    { id: 1, type: 'create', from: url, to: at.registry, body: { value: aRegistration(url) } },
    { id: 2, ...aJoin('rabbit-1', 'wonderland', { connections: [await offer()] }), trace },
  );
  expect((await peer.responseTo(2)).body).toMatchObject({ code: 200 });

  await vi.waitFor(() => expect(lines().filter((line) => line.trace === trace)).toHaveLength(2), WAIT);
  const [handedOn, answered] = lines().filter((line) => line.trace === trace);
  expect(handedOn).toEqual({
    level: 'info',
    requestId: expect.stringMatching(/^[\w-]{36}$/),
    connectionId: expect.any(String),
    message: 2,
    trace,
    at: 'message',
    type: 'create',
    room: at.room('wonderland'),
    handedOn: true,
    ms: expect.any(Number),
  });
  expect(answered).toEqual({
    level: 'info',
    message: 'answered',
    trace,
    command: 'join',
    room: at.room('wonderland'),
    participant: 'rabbit-1',
    connectionId: handedOn?.connectionId,
    request: 2,
    code: 200,
    pipeline: expect.stringMatching(/_kurento\.MediaPipeline$/),
    endpoints: [expect.stringMatching(/_kurento\.WebRtcEndpoint$/)],
    ms: expect.any(Number),
    total: expect.any(Number),
  });
  expect(engine.counts()).toEqual({ pipelines: 1, endpoints: 1 });
});

test('what happens is counted, refusals by their code, and what is told by heartbeats is of the domain', async () => {
  const peer = await signalling.client(ALICE);
  await peer.register(at.hyperty('rabbit-2'));
  const refused = await peer.ask({ ...aJoin('rabbit-2', 'elsewhere', { create: undefined }), trace: 'rabbit-2-1' });
  expect(refused.body).toMatchObject({ code: 404 });
  await vi.waitFor(async () => {
    expect(seriesOf(await signalling.emulator.metrics())).toMatchObject({
      [`Joins ${DOMAIN}`]: { sum: 1 },
      [`JoinRefusals ${DOMAIN}`]: { sum: 1 },
      [`JoinRefusals ${DOMAIN} 404`]: { sum: 1 },
      [`Nodes ${DOMAIN}`]: { last: 1 },
      [`NodeLoad ${DOMAIN}`]: { last: expect.any(Number) },
    });
  }, WAIT);
  expect(lines().find((line) => line.trace === 'rabbit-2-1')).toMatchObject({ code: 404, type: 'create' });
});

test('no log has a name, a token, or what makes up a session description in it', () => {
  const all = text.join('\n');
  expect(all).toContain('rabbit-1');
  expect(all).not.toMatch(/Liddell|alice/i);
  expect(all).not.toMatch(/a=|v=0|ufrag|candidate:|fingerprint/);
  expect(all).not.toContain('eyJ');
});
