import type { Message } from '@hyperroom/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Agent, type AgentOptions } from './agent.ts';
import { MediaServer } from './kurento/index.ts';
import { intent, type Request, TraceServer } from './kurento/trace-server.ts';
import type { StateStore } from './persistence/state-file.ts';
import type { AgentPorts } from './ports.ts';
import { Conference, connection } from './rooms/testing.ts';
import { openWebSocket } from './socket.ts';
import { FakeApi } from './testing/fake-api.ts';

class Memory implements StateStore {
  text: string | null = null;

  async load(): Promise<string | null> {
    return this.text;
  }

  async save(text: string): Promise<void> {
    this.text = text;
  }
}

const TRACES = ['two-party-call', 'server-manager', 'session-resume', 'errors'];

let kurento: TraceServer;
let api: FakeApi;
let store: Memory;
const agents: Agent[] = [];
const posted: Message[] = [];

beforeEach(async () => {
  [api, kurento] = await Promise.all([FakeApi.listen(), TraceServer.listen(TRACES)]);
  store = new Memory();
  posted.length = 0;
  const value = (what: string, value: unknown) => kurento.answer(`invoke ${what}`, () => ({ result: { value } }));
  value('setMaxVideoRecvBandwidth', null);
  value('getPipelines', []);
  value('getChildren', []);
  value('getMediaState', 'CONNECTED');
  value('isMediaFlowingOut', true);
  kurento.answer('describe', describeObject);
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()));
  await Promise.all([api.close(), kurento.close()]);
});

function describeObject({ params }: Request) {
  const [type = ''] = /[A-Za-z]+$/.exec(params?.object ?? '') ?? [];
  return { result: { type, qualifiedType: `kurento.${type}`, hierarchy: ['kurento.MediaObject'] } };
}

async function startAgent(options: AgentOptions = {}): Promise<Agent> {
  const settings = {
    nodeId: '1',
    domain: 'example.test',
    signallingUrl: api.url,
    token: async () => 'jwt',
    capacity: 10,
  };
  const ports: AgentPorts = {
    connectMedia: (session) => MediaServer.connect(kurento.url, { deadlineMs: 500, ...(session && { session }) }),
    openSocket: (url) => openWebSocket(url, 500),
    post: async (_, frame) => {
      posted.push(...[JSON.parse(frame)].flat());
      return 'delivered';
    },
    store,
  };
  const agent = await Agent.create(settings, ports, options);
  agents.push(agent);
  await agent.start();
  return agent;
}

/** Somebody who publishes, in a room of its own. */
async function joined(agent: Agent): Promise<void> {
  api.command(new Conference().join('a', [connection('a', 'a-pub', 'main')]));
  await vi.waitFor(() => expect(kurento.intents()).toContain('invoke setName'));
  await vi.waitFor(() => expect(agent.health).toMatchObject({ rooms: 1, endpoints: 1 }));
  await vi.waitFor(() => expect(store.text).toContain('"phase":{"name":"answered"'));
}

const capacityIn = (body: Message['body']) => (body?.value as { capacity?: number } | undefined)?.capacity;

const count = (what: string) => kurento.requests.filter((request) => intent(request) === what).length;

describe('a media server that was out of reach', () => {
  test('and comes back with its session is asked how everything is', async () => {
    await joined(await startAgent());
    expect(count('invoke getConnectionState')).toBe(0);
    kurento.dropSockets();
    await vi.waitFor(() => expect(count('invoke getConnectionState')).toBe(1));
    expect(api.reports.filter(({ report }) => report === 'lost')).toEqual([]);
  });

  test('and comes back without its session has lost all rooms', async () => {
    await joined(await startAgent());
    kurento.forgetSessions();
    kurento.dropSockets();
    await vi.waitFor(() => expect(api.reports).toMatchObject([{ report: 'lost', epoch: 1 }]));
    expect(count('invoke getConnectionState')).toBe(0);
    // Whoever is told that a room is lost knows by then that it can begin anew here.
    const heard = api.messages.map(({ type, body }) =>
      body?.report === 'lost' ? 'lost' : `${type} ${capacityIn(body)}`,
    );
    expect(heard.slice(0, heard.indexOf('lost')).findLast((what) => what.startsWith('create'))).toBe('create 10');
    expect(heard.filter((what) => what === 'create 10')).toHaveLength(2);
  });
});

test('whoever joins is told of the relays that are there for him', async () => {
  const iceServers = (username: string) => [{ urls: ['turn:192.0.2.1'], username, credential: 'signed' }];
  await joined(await startAgent({ iceServers }));
  await vi.waitFor(() => expect(posted.at(-1)?.body).toMatchObject({ code: 200, iceServers: iceServers('a') }));
});

describe('an agent whose state is kept', () => {
  test('hands over: it releases nothing, and does not say that it leaves', async () => {
    const agent = await startAgent();
    await joined(agent);
    await agent.stop();
    await vi.waitFor(() => expect(api.socketCount).toBe(0));
    expect(kurento.intents()).not.toContain('release');
    expect(JSON.stringify(api.messages)).not.toContain('disconnected');
  });

  test('is gone on with, before the conference knows of the new one: same session, same objects', async () => {
    const agent = await startAgent();
    await joined(agent);
    await agent.stop();
    const before = kurento.requests.length;

    const next = await startAgent();
    expect(next.health).toMatchObject({ rooms: 1, endpoints: 1 });
    const intents = kurento.intents().slice(before);
    expect(intents.filter((what) => /^create|processOffer|release/.test(what))).toEqual([]);
    await vi.waitFor(() => expect(api.inventories.at(-1)?.rooms).toHaveLength(1));
    await vi.waitFor(() => expect(count('invoke getConnectionState')).toBe(1));
  });

  test('has it kept as it was until it is wholly taken over', async () => {
    const agent = await startAgent();
    await joined(agent);
    await agent.stop();
    const whole = store.text;
    const isOfRoom = ({ params }: Request) => params?.object?.includes('MediaPipeline') ?? false;
    kurento.answer('describe', (request) => (isOfRoom(request) ? 'silence' : describeObject(request)));
    const starting = startAgent();
    await vi.waitFor(() => expect(kurento.requests.filter(isOfRoom).at(-1)?.method).toBe('describe'));
    expect(store.text).toBe(whole);
    await starting;
  });
});
