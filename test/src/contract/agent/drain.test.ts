import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { type RunningAgent, startAgent } from '@hyperroom/media-agent';
import type { Message } from '@hyperroom/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrowserPeer } from '../kurento/browser-peer.ts';
import { aConnection, aJoin, requestsOf } from '../signalling/joins.ts';
import { at, type Peer, type Signalling, startSignalling } from '../signalling/signalling.ts';
import { FakeAutoScaling } from './auto-scaling.ts';

const LONG = { timeout: 30_000, interval: 50 };
vi.setConfig({ testTimeout: 60_000 });

interface Node {
  readonly engine: KurentoEngine;
  readonly group: FakeAutoScaling;
  readonly agent: RunningAgent;
}

let signalling: Signalling;
let nodes: Node[];
const browsers: BrowserPeer[] = [];

beforeEach(async () => {
  signalling = await startSignalling(17);
  const { accessKeyId, secretAccessKey } = signalling.emulator.credentials;
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  nodes = [await startNode('1'), await startNode('2')];
});
afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
  await Promise.all(nodes.map(({ agent }) => agent.retire()));
  await Promise.all(nodes.flatMap(({ engine, group }) => [engine.close(), group.close()]));
  await signalling.close();
  vi.unstubAllEnvs();
});

async function startNode(nodeId: string): Promise<Node> {
  const { emulator } = signalling;
  const [engine, group] = await Promise.all([startKurentoEngine(), FakeAutoScaling.listen(`i-${nodeId}`)]);
  // One API for all, be it that of the last.
  vi.stubEnv('AWS_ENDPOINT_URL_AUTO_SCALING', group.url);
  const config = {
    signallingUrl: emulator.signallingUrl,
    managementEndpoint: emulator.managementUrl,
    region: emulator.region,
    domain: 'localhost',
    nodeId,
    token: () => signalling.nodeToken(nodeId),
    kurentoUrl: engine.url,
    capacity: 100,
    healthPort: 0,
    stateFile: null,
    turn: null,
    drain: { finishMs: 0, limitMs: 60_000 },
    autoScaling: { group: 'media', hook: 'drained', metadataEndpoint: group.url, intervalMs: 100 },
  };
  return { engine, group, agent: await startAgent(config, { drainPace: { intervalMs: 200, quietMs: 3_000 } }) };
}

/** A connection that a browser offers to send by. */
async function publication(name: string, nth: number) {
  const browser = new BrowserPeer('publisher');
  browsers.push(browser);
  const url = at.hyperty(name);
  return { browser, offer: aConnection(url, `${name}-${nth}`, 'publish', { sdp: await browser.offer() }) };
}

/** Somebody who sends, and receives nothing. */
async function join(name: string, room: string): Promise<{ peer: Peer; browser: BrowserPeer }> {
  const peer = await signalling.client();
  const { browser, offer } = await publication(name, 1);
  await peer.register(at.hyperty(name));
  await browser.accept(answerIn(await peer.ask(aJoin(name, room, { connections: [offer] }))));
  await vi.waitFor(() => expect(browser.state).toBe('connected'), LONG);
  return { peer, browser };
}

async function joinSilently(name: string, room: string): Promise<void> {
  const peer = await signalling.client();
  const { offer } = await publication(name, 1);
  await peer.register(at.hyperty(name));
  expect((await peer.ask(aJoin(name, room, { connections: [offer] }))).body).toMatchObject({ code: 200 });
}

function answerIn({ body }: Message): string {
  const [connection] = (body?.connections ?? []) as { connectionDescription?: { sdp: string } }[];
  const { sdp } = connection?.connectionDescription ?? {};
  if (sdp === undefined) throw new Error(`no answer in ${JSON.stringify(body)}`);
  return sdp;
}

const actions = () => nodes.flatMap(({ group }) => group.actions);
const roomsOf = ({ agent }: Node) => agent.health.rooms;

test('a node whose host is to go takes no room, has its rooms moved while their media go on, and then lets it go', async () => {
  const { peer, browser } = await join('ada', 'standup');
  const [leaving, staying] = nodes.sort((a, b) => roomsOf(b) - roomsOf(a));
  if (!leaving || !staying) throw new Error('no nodes');
  expect(nodes.map(roomsOf)).toEqual([1, 0]);

  leaving.group.target = 'Terminated';
  await vi.waitFor(() => expect(leaving.agent.health.draining).toBe(true), LONG);
  expect(await (await fetch(`${leaving.agent.healthUrl}/healthz`)).json()).toMatchObject({ draining: true });
  const epochs = () => peer.updates(at.room('standup')).filter(({ body }) => body?.attribute === 'epoch');
  await vi.waitFor(() => expect(epochs().map(({ body }) => body?.value)).toEqual([2]), LONG);
  const { browser: next, offer } = await publication('ada', 2);
  const { update } = requestsOf(peer, 'ada', 'standup');
  await next.accept(answerIn(await update({ connections: [offer] })));
  await vi.waitFor(() => expect(next.state).toBe('connected'), LONG);
  expect([browser.state, nodes.map(roomsOf)]).toEqual(['connected', [1, 1]]);
  await browser.close();

  // It is the emptier one by now, and still there. A function that does not know yet may choose it: then the room moves.
  await vi.waitFor(() => expect(nodes.map(roomsOf)).toEqual([0, 1]), LONG);
  await joinSilently('bob', 'retrospective');
  await vi.waitFor(() => expect(nodes.map(roomsOf)).toEqual([0, 2]), LONG);
  expect(actions()).toEqual([]);

  await leaving.agent.drained;
  expect(leaving.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
  const hook = { AutoScalingGroupName: 'media', LifecycleHookName: 'drained', InstanceId: leaving.group.instance };
  expect(actions()).toEqual([{ Action: 'CompleteLifecycleAction', ...hook, LifecycleActionResult: 'CONTINUE' }]);
  expect([next.state, roomsOf(staying)]).toEqual(['connected', 2]);
});
