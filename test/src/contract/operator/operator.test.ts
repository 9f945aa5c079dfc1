import { request } from 'node:http';
import { DEVELOPMENT_SECRET, type Stack, signToken, startStack } from '@hyperroom/local';
import { type OperatorServer, Recorder, type Recording, serveOperator } from '@hyperroom/local/operator';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { BrowserPeer } from '../kurento/browser-peer.ts';
import { aConnection, aJoin } from '../signalling/joins.ts';
import { aRegistration, at, DOMAIN, Peer, WAIT } from '../signalling/signalling.ts';

/* The operator's page of a running stack: what it is served, and what it can break. */

const RESUMPTION = 'only-rabbit-knows-this';
const RABBIT = {
  sub: `user://${DOMAIN}/rabbit`,
  role: 'participant',
  grants: { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: false },
} as const;
const SECONDS = { timeout: 20_000, interval: 50 };

let stack: Stack;
let operator: OperatorServer;
let peer: Peer;
let token: string;
const publisher = new BrowserPeer('publisher');

beforeAll(async () => {
  const recorder = new Recorder();
  stack = await startStack({ domain: DOMAIN, witness: recorder.witness });
  operator = await serveOperator({ stack, recorder, port: 0 });
  token = await signToken(RABBIT, DEVELOPMENT_SECRET, 600);
  peer = new Peer(new WebSocket(`${stack.signalling}?token=${token}`));
  await peer.opened();
  await join();
});
afterAll(async () => {
  await publisher.close();
  peer.socket.terminate();
  await operator?.close();
  await stack?.close();
});

async function join(): Promise<void> {
  const url = at.hyperty('rabbit');
  const sdp = await publisher.offer();
  const connections = [aConnection(url, 'rabbit-out', 'publish', { sdp })];
  peer.send(
    {
      id: 1,
      type: 'create',
      from: url,
      to: at.registry,
      body: { value: { ...aRegistration(url), resumption: RESUMPTION } },
    },
    { id: 2, ...aJoin('rabbit', 'wonderland', { connections }), trace: 'rabbit-1' },
  );
  const { body } = await peer.responseTo(2);
  expect(body).toMatchObject({ code: 200 });
  const [answer] = (body?.connections ?? []) as { connectionDescription: { sdp: string } }[];
  await publisher.accept(String(answer?.connectionDescription.sdp));
}

const at0 = (path: string) => new URL(path, operator.url);
const json = async <T>(path: string) => (await (await fetch(at0(path))).json()) as T;

async function pageToken(): Promise<string> {
  const html = await (await fetch(operator.url)).text();
  return String(/name="operator-token" content="([\w-]{43})"/.exec(html)?.[1]);
}

async function inject(fault: string, target = '', headers: Record<string, string> = {}): Promise<Response> {
  const ours = { origin: new URL(operator.url).origin, 'x-operator-token': await pageToken() };
  return fetch(at0('faults'), {
    method: 'POST',
    headers: { ...ours, ...headers },
    body: JSON.stringify({ fault, target }),
  });
}

describe('a join', () => {
  /** Until the room has said that the media flow. */
  function recorded(): Promise<Recording> {
    return vi.waitFor(async () => {
      const recording = await json<Recording>('recordings/rabbit-1.json');
      expect(recording.hops.at(-1)).toMatchObject({ kind: 'post', to: 'others' });
      expect(recording.hops.some(({ label }) => label === 'report: media connected')).toBe(true);
      return recording;
    }, SECONDS);
  }

  test('is recorded whole: every hop, in order', async () => {
    const { hops, asked, answered = 0, ...recording } = await recorded();
    expect(recording).toMatchObject({ kind: 'join', room: 'wonderland', participant: 'rabbit', code: 200 });
    const told = hops.map(({ from, to, label }) => `${from} → ${to}: ${label}`);
    const course = [
      'browser → gateway: opens a WebSocket',
      'gateway → function: authorizer ($connect)',
      'gateway → function: connect ($connect)',
      'browser → gateway: register + join with 1 offer',
      'gateway → function: message ($default)',
      'function → table: UpdateItem address',
      'function → table: UpdateItem room',
      "function → agent: post: join to the room's media node",
      'agent → kurento: create MediaPipeline',
      'agent → kurento: create WebRtcEndpoint',
      'agent → kurento: processOffer',
      'agent → kurento: gatherCandidates',
      'kurento → agent: IceGatheringDone',
      'agent → browser: post: answers 200, 200',
      'agent → gateway: report: media connected',
      'function → others: post: the changed room to 1',
    ];
    expect(
      told.filter((line) => course.includes(line)).filter((line, index, all) => all.indexOf(line) === index),
    ).toEqual(course);
    expect(hops.map((hop) => hop.at)).toEqual(hops.map((hop) => hop.at).toSorted((a, b) => a - b));
    // What is read beside them, an inventory's rooms or the list of nodes, depends on the moment.
    const writes = hops.filter(({ label }) => label.startsWith('UpdateItem'));
    expect(writes.slice(0, 3).map(({ label }) => label)).toEqual([
      'UpdateItem address',
      'UpdateItem room',
      'UpdateItem room',
    ]);
    expect(new Set(writes.map(({ outcome }) => outcome))).toEqual(new Set(['condition held']));
    expect(answered).toBeGreaterThan(asked);
    // One up, one command, one down; authorizer, connect, message; two conditional writes.
    expect(recording.cost).toMatchObject({ messages: 3, invocations: 3, writes: 2 });
    // Where nodes are listed is read anew when that has grown old.
    expect(recording.cost.reads).toBeLessThanOrEqual(1);
    expect(recording.logs).toHaveLength(2);
  });

  test('has no secret in it, wherever that was', async () => {
    const text = JSON.stringify(await recorded());
    for (const secret of [RESUMPTION, token, DEVELOPMENT_SECRET]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/a=ice-pwd:(?!\[secret\])/);
    expect(text).toMatch(/a=ice-pwd:\[secret\]/);
  });

  test('is listed and drawn', async () => {
    const { hops } = await recorded();
    expect(await json('recordings.json')).toMatchObject([{ trace: 'rabbit-1', room: 'wonderland', code: 200 }]);
    const drawn = await fetch(at0('recordings/rabbit-1.svg'));
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml');
    expect([...(await drawn.text()).matchAll(/data-hop="/g)]).toHaveLength(hops.length);
    expect((await fetch(at0('recordings/nobody-1.json'))).status).toBe(404);
  });

  test('is in the overview, down to the endpoints that Kurento has', async () => {
    await recorded();
    await vi.waitFor(async () => {
      expect(await json('overview.json')).toMatchObject({
        rooms: [{ id: 'wonderland', node: 'media-1', participants: [{ id: 'rabbit', status: 'live' }] }],
        nodes: [{ id: 'media-1', draining: false, pipelines: [{ room: 'wonderland', endpoints: 1 }] }],
      });
    }, WAIT);
  });

  test('is news to who watches', async () => {
    const abort = new AbortController();
    const { body } = await fetch(at0('news'), { signal: abort.signal });
    const decoder = new TextDecoder();
    const first = await body?.getReader().read();
    expect(decoder.decode(first?.value)).toContain('"trace":"rabbit-1"');
    abort.abort();
  });
});

test('the page has all that it asks for, figures beside it, and nothing else is served', async () => {
  const html = await (await fetch(operator.url)).text();
  const asked = [...html.matchAll(/(?:src|href)="([a-z][^":]*)"/g)].map(([, path]) => at0(String(path)));
  expect(asked.length).toBeGreaterThan(4);
  for (const file of asked) expect((await fetch(file)).status, String(file)).toBe(200);
  const { readings } = await json<{ readings: unknown[] }>('figures.json');
  expect(readings[0]).toMatchObject({ at: expect.any(Number), dollars: expect.any(Number) });
  expect(await (await fetch(operator.prometheus)).text()).toContain('hyperroom_messages_total');
  for (const path of ['..%2fserver.ts', 'server.ts', 'nothing.js']) expect((await fetch(at0(path))).status).toBe(404);
});

describe('nothing breaks on behalf of others', () => {
  test.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a site that the browser knows to be another', { 'sec-fetch-site': 'cross-site' }],
    ['who does not know the token', { 'x-operator-token': 'x'.repeat(43) }],
  ])('%s', async (_, headers) => {
    expect((await inject('delay', '', headers)).status).toBe(403);
    expect(stack.faults.delivery).toEqual({ mode: 'natural' });
  });

  test('a name that was pointed at this machine reads nothing either', async () => {
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(operator.url);
      const asked = request({ host: '127.0.0.1', port, path: '/overview.json', headers: { host: 'rebound.example' } });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });
    expect(status).toBe(421);
  });

  test('what is no fault is refused', async () => {
    expect((await inject('format-disk')).status).toBe(404);
    expect((await inject('kill-agent', 'media-9')).status).toBe(404);
  });
});

describe('a fault', () => {
  const said = async (response: Response) => ((await response.json()) as { said: string }).said;

  test('delay: what is sent next waits', async () => {
    expect(await said(await inject('delay'))).toMatch(/waits 400 ms/);
    const began = performance.now();
    await peer.ask({
      type: 'read',
      from: at.hyperty('rabbit'),
      to: at.registry,
      body: { resource: at.hyperty('rabbit') },
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(399);
  });

  test('reorder, and as usual again', async () => {
    expect(await said(await inject('reorder'))).toMatch(/shuffled/);
    expect(stack.faults.delivery).toMatchObject({ mode: 'reorder' });
    await inject('as-usual');
    expect(stack.faults.delivery).toEqual({ mode: 'natural' });
  });

  test('the agent is killed, and its supervisor starts it again', async () => {
    const { pid } = stack.agent.process;
    expect(await said(await inject('kill-agent', 'media-1'))).toContain(`process ${pid}`);
    await vi.waitFor(() => expect(stack.agent.restarts).toBe(1), SECONDS);
  });

  test('the engine is killed, and the room begins anew', async () => {
    expect(await said(await inject('kill-engine', 'media-1'))).toMatch(/SIGKILL/);
    await vi.waitFor(async () => {
      expect(stack.engine?.restarts).toBe(1);
      expect(await json('overview.json')).toMatchObject({ rooms: [{ epoch: 2 }] });
    }, SECONDS);
  });

  test("a participant's socket is dropped, without a word", async () => {
    expect(await said(await inject('drop-socket', 'rabbit'))).toMatch(/^The socket of /);
    await vi.waitFor(() => expect(peer.closeCode).toBe(1006), WAIT);
  });
});
