import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentProcesses, type Run } from '../agent/agent-processes.ts';
import { type Browser, Call } from '../agent/call.ts';
import { RpcClient } from '../kurento/rpc-client.ts';

const LATER = { timeout: 20_000, interval: 20 };
const eventually = (assertion: () => void | Promise<void>) => vi.waitFor(assertion, LATER);

let call: Call;
let stateFile: string;
const processes = new AgentProcesses();

beforeEach(async () => {
  stateFile = join(await mkdtemp(join(tmpdir(), 'agent-')), 'state');
  call = await Call.start();
});
afterEach(async () => {
  processes.kill();
  await call.close();
});

async function startAgent(): Promise<Run> {
  const run = processes.run({ ...call.settings, STATE_FILE: stateFile });
  await run.ready;
  return run;
}

async function endAgent(run: Run, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  run.child.kill(signal);
  await run.exited;
}

/** Browsers that see each other. */
async function callOf(...ids: string[]): Promise<Browser[]> {
  const browsers: Browser[] = [];
  for (const id of ids) browsers.push(await call.join(id));
  await eventually(() => expect(strangers(browsers)).toEqual([]));
  return browsers;
}

function strangers(browsers: Browser[]): string[] {
  return browsers.flatMap((one) =>
    browsers.filter((other) => other !== one && !one.sees(other.id)).map((other) => `${one.id} to ${other.id}`),
  );
}

/** All that is at the media server, by ids. */
async function objects(): Promise<string[]> {
  const client = await RpcClient.open(call.engine.url);
  const pipelines = (await client.invoke('manager_ServerManager', 'getPipelines')) as string[];
  const children = await Promise.all(pipelines.map((id) => client.invoke(id, 'getChildren')));
  client.terminate();
  return [...pipelines, ...(children.flat() as string[])];
}

/** The numbers of the video packets that one has of another, as they were sent. */
function packets(viewer: Browser, id: string): number[] {
  const { received } = viewer.showing(id) ?? { received: { video: [] } };
  return received.video.map(({ payload }) => Number(payload.toString().split(' ').at(-1)));
}

function expectNoGap(viewer: Browser, id: string): void {
  const seen = packets(viewer, id);
  const [first = 0] = seen;
  expect(seen).toEqual(Array.from(seen, (_, i) => first + i));
}

describe.each(['SIGKILL', 'SIGTERM'] as const)('an agent that ends by %s and starts again', (signal) => {
  test('goes on with the same objects; nobody loses a packet, nothing is negotiated; a later join works', async () => {
    const agent = await startAgent();
    const [a, b] = await callOf('a', 'b');
    if (!a || !b) throw new Error('nobody there');
    const before = await objects();
    await endAgent(agent, signal);
    expect(call.api.messages.map(({ body }) => body)).not.toContainEqual(
      expect.objectContaining({ value: 'disconnected' }),
    );
    const during = packets(a, 'b').length;
    await eventually(() => expect(packets(a, 'b').length).toBeGreaterThan(during + 15));
    expect(await objects()).toEqual(before);

    await startAgent();
    expect(await objects()).toEqual(before);
    const after = packets(a, 'b').length;
    await eventually(() => expect(packets(a, 'b').length).toBeGreaterThan(after + 15));

    await call.join('c').then((c) => eventually(() => expect(strangers([a, b, c])).toEqual([])));
    expect(await objects()).toEqual(expect.arrayContaining(before));
    for (const [viewer, id] of [
      [a, 'b'],
      [b, 'a'],
    ] as const) {
      expectNoGap(viewer, id);
      for (const answers of viewer.answers.values()) expect(new Set(answers).size).toBe(1);
    }
    expect(call.api.reports.filter(({ report }) => report === 'lost' || report === 'gone')).toEqual([]);
  });
});

describe('an agent that was killed and has started again', () => {
  test('tells its rooms at once, and learns by the answer who has left in between', async () => {
    const agent = await startAgent();
    const [a] = await callOf('a', 'b');
    await endAgent(agent, 'SIGKILL');
    const left = call.conference.leave('b');
    const told = call.api.inventories.length;

    await startAgent();
    await eventually(() => expect(call.api.inventories.length).toBeGreaterThan(told));
    const { resource, incarnation, epoch } = { resource: left.roster.room, ...left.roster };
    expect(call.api.inventories[told]).toMatchObject({ slices: 1, rooms: [{ resource, incarnation, epoch }] });
    expect(call.api.inventories[told]?.rooms[0]?.version).toBeLessThan(left.roster.version);
    call.send(left);
    await eventually(() => expect(call.engine.counts()).toEqual({ pipelines: 1, endpoints: 2 }));
    expect(a?.publisher.state).toBe('connected');
  });

  test('notices by itself whose media have ended in between, and asks whether they are there', async () => {
    const agent = await startAgent();
    const [, b] = await callOf('a', 'b');
    await endAgent(agent, 'SIGKILL');
    await b?.close();
    const told = call.api.posts.length;
    await startAgent();
    const probes = () =>
      call.api.posts
        .slice(told)
        .filter(({ messages }) => messages.some(({ type }) => type === 'read'))
        .map(({ connectionId }) => connectionId);
    await eventually(() => expect(probes()).toContain('conn-b'));
  });

  test('hears what its objects tell from then on', async () => {
    const agent = await startAgent();
    const [, b] = await callOf('a', 'b');
    await endAgent(agent, 'SIGKILL');
    await startAgent();
    await b?.publisher.close();
    const failed = { report: 'media', participant: 'b', media: 'failed' };
    await eventually(() => expect(call.api.reports).toContainEqual(expect.objectContaining(failed)));
  });

  test('releases what is there in its name without being known', async () => {
    const agent = await startAgent();
    await callOf('a', 'b');
    const before = await objects();
    const [pipeline = ''] = before;
    await endAgent(agent, 'SIGKILL');
    const client = await RpcClient.open(call.engine.url);
    await client.create('WebRtcEndpoint', { mediaPipeline: pipeline });
    const tag = async (mediaPipeline: string, value: string) =>
      client.invoke(mediaPipeline, 'addTag', { key: 'hyperroom', value });
    await tag(await client.create('MediaPipeline'), call.config.nodeId);
    const anothers = await client.create('MediaPipeline');
    await tag(anothers, 'another-node');

    await startAgent();
    expect((await objects()).sort()).toEqual([...before, anothers].sort());
    client.terminate();
  });

  test('reports its rooms lost if the media server has started again as well', async () => {
    const agent = await startAgent();
    await callOf('a', 'b');
    await endAgent(agent, 'SIGKILL');
    await call.restartEngine(async () => {});
    await startAgent();
    await eventually(() =>
      expect(call.api.reports).toContainEqual(expect.objectContaining({ report: 'lost', epoch: 1 })),
    );
    expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
  });

  test('starts with nothing, and leaves nothing, if its state is not to be read', async () => {
    const agent = await startAgent();
    await callOf('a', 'b');
    await endAgent(agent, 'SIGKILL');
    const text = await readFile(stateFile, 'utf8');
    await writeFile(stateFile, text.slice(0, text.length / 2));
    const { logs } = await startAgent();
    expect(call.engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
    expect(logs.join()).toContain("another program's");
  });
});
