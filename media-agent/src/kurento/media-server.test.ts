import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MediaSession } from './media-port.ts';
import { MediaServer, type MediaServerOptions } from './media-server.ts';
import { loadTrace, TraceServer } from './trace-server.ts';

const TRACES = ['server-manager', 'session-resume', 'two-party-call'];
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startKurento(port?: number): Promise<TraceServer> {
  const kurento = await TraceServer.listen(TRACES, port);
  cleanups.push(() => kurento.close());
  return kurento;
}

async function connect(kurento: { url: string }, options?: MediaServerOptions): Promise<MediaServer> {
  const server = await MediaServer.connect(kurento.url, { deadlineMs: 300, ...options });
  cleanups.push(() => server.close());
  return server;
}

async function freePort(): Promise<number> {
  const kurento = await TraceServer.listen([]);
  const { port } = kurento;
  await kurento.close();
  return port;
}

describe('connecting', () => {
  it('waits for a server that is not there yet', async () => {
    const port = await freePort();
    const connecting = connect({ url: `ws://127.0.0.1:${port}/kurento` });
    await startKurento(port);
    const server = await connecting;
    expect(await server.info()).toMatchObject({ type: 'KMS', capabilities: ['transactions'] });
  });

  it('waits for a server that is there but does not answer yet', async () => {
    const kurento = await startKurento();
    kurento.answer('invoke getInfo', () => 'silence');
    const connecting = connect(kurento, { deadlineMs: 60 });
    await kurento.seen('invoke getInfo');
    kurento.answerAsRecorded('invoke getInfo');
    await connecting;
  });

  it('gives up when aborted', async () => {
    const aborted = AbortSignal.timeout(20);
    const url = `ws://127.0.0.1:${await freePort()}/kurento`;
    await expect(MediaServer.connect(url, { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe("Kurento's messages", () => {
  it('are acknowledged at once, by a pong each', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    await server.info();
    await vi.waitFor(() => expect(kurento.pongs).toBe(kurento.sent));
    expect(kurento.sent).toBeGreaterThan(2);
  });
});

describe('pipelines', () => {
  it('are created with name and tags, each after the other', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const before = kurento.requests.length;
    const pipeline = await server.createPipeline({ name: 'room-1', tags: { room: 'r1', epoch: '3' } });
    expect(pipeline.id).toMatch(/_kurento\.MediaPipeline$/);
    expect(kurento.intents().slice(before)).toEqual([
      'create MediaPipeline',
      'invoke setName',
      'invoke addTag',
      'invoke addTag',
    ]);
  });

  it('are listed with name and tags, without those that vanish meanwhile', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const vanished = loadTrace('errors').exchanges.find(({ reply }) => reply.error?.code === 40101)?.reply;
    const ids = ['a_kurento.MediaPipeline', 'b_kurento.MediaPipeline'];
    kurento.answer('invoke getPipelines', () => ({ result: { value: ids } }));
    kurento.answer('invoke getName', ({ params }) =>
      params?.object === ids[0] || !vanished ? { result: { value: 'room-1' } } : vanished,
    );
    expect(await server.pipelines()).toEqual([{ id: ids[0], name: 'room-1', tags: { room: 'r1' } }]);
  });

  it('of others are released by id', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    await server.releasePipeline('a_kurento.MediaPipeline');
    expect(kurento.requests.at(-1)).toMatchObject({ method: 'release', params: { object: 'a_kurento.MediaPipeline' } });
  });
});

describe('an unanswered call', () => {
  it('times out, and calls made meanwhile and later are answered', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const pipeline = await server.createPipeline({ name: 'room-1' });
    kurento.answer('create WebRtcEndpoint', () => 'silence');
    const unanswered = pipeline.createEndpoint({ name: 'alice', direction: 'publish' });
    expect(await server.info()).toMatchObject({ type: 'KMS' });
    await expect(unanswered).rejects.toMatchObject({ code: 'timeout' });
    kurento.answerAsRecorded('create WebRtcEndpoint');
    expect(await pipeline.createEndpoint({ name: 'bob', direction: 'publish' })).toHaveProperty('id');
  });

  it('holds nothing up, be it a release', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const pipeline = await server.createPipeline({ name: 'room-1' });
    kurento.answer('release', () => 'silence');
    const settled: string[] = [];
    const released = pipeline.release().catch(({ code }) => settled.push(code));
    await server.info().then(({ type }) => settled.push(type));
    await released;
    expect(settled).toEqual(['KMS', 'timeout']);
  });

  it('that is refused says so, a release too', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const pipeline = await server.createPipeline({ name: 'room-1' });
    kurento.answer('release', () => ({ error: { code: 40101, message: 'Object not found' } }));
    await expect(pipeline.release()).rejects.toMatchObject({ code: 'rejected', kurentoCode: 40101 });
  });
});

describe('a lost connection', () => {
  it('that resumes its session keeps the objects', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const pipeline = await server.createPipeline({ name: 'room-1' });
    const lost = once(server, 'lost');
    const reconnected = once(server, 'reconnected');
    kurento.dropSockets();
    await lost;
    await expect(server.info()).rejects.toMatchObject({ code: 'unreachable' });
    expect(await reconnected).toEqual([{ sameSession: true }]);
    expect(await pipeline.createEndpoint({ name: 'alice', direction: 'publish' })).toHaveProperty('id');
    const ids = kurento.requests.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves the console alone', async () => {
    const spies = (['log', 'warn', 'error', 'trace'] as const).map((method) => vi.spyOn(console, method));
    cleanups.push(() => vi.restoreAllMocks());
    const kurento = await startKurento();
    const server = await connect(kurento);
    await server.createPipeline({ name: 'room-1' });
    for (const forget of [false, true]) {
      const reconnected = once(server, 'reconnected');
      if (forget) kurento.forgetSessions();
      kurento.dropSockets();
      expect(await reconnected).toEqual([{ sameSession: !forget }]);
    }
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('to a server that forgot the session makes old objects fail and new ones work', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    const old = await server.createPipeline({ name: 'room-1' });
    const reconnected = once(server, 'reconnected');
    kurento.forgetSessions();
    kurento.dropSockets();
    expect(await reconnected).toEqual([{ sameSession: false }]);
    await expect(old.release()).rejects.toMatchObject({ code: 'session-lost' });
    const pipeline = await server.createPipeline({ name: 'room-1' });
    expect(pipeline.id).not.toBe(old.id);
  });

  it('to a server that restarts again and again is a lost session each time', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    for (const _ of [1, 2]) {
      await server.createPipeline({ name: 'room-1' });
      const reconnected = once(server, 'reconnected');
      kurento.forgetSessions();
      kurento.dropSockets();
      expect(await reconnected).toEqual([{ sameSession: false }]);
    }
  });

  it('rejects what is under way at once', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento, { deadlineMs: 60_000 });
    kurento.answer('invoke getInfo', () => 'silence');
    const info = server.info();
    await kurento.seen('invoke getInfo', 'manager_ServerManager');
    kurento.dropSockets();
    await expect(info).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is noticed without a drop, when the server falls silent, and again when it speaks', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento, { deadlineMs: 60 });
    const lost = once(server, 'lost');
    const reconnected = once(server, 'reconnected');
    kurento.answer('invoke getInfo', () => 'silence');
    await lost;
    kurento.answerAsRecorded('invoke getInfo');
    await reconnected;
    expect(await server.info()).toMatchObject({ type: 'KMS' });
  });

  it('is tried again if the resumption is not answered', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento, { deadlineMs: 60 });
    await server.createPipeline({ name: 'room-1' });
    const reconnected = once(server, 'reconnected');
    kurento.answer('connect', () => 'silence');
    kurento.dropSockets();
    await kurento.seen('connect');
    kurento.answerAsRecorded('connect');
    expect(await reconnected).toEqual([{ sameSession: true }]);
  });

  it('that was closed on purpose is no loss', async () => {
    const kurento = await startKurento();
    const server = await connect(kurento);
    let lost = 0;
    server.on('lost', () => lost++);
    server.close();
    await expect(server.info()).rejects.toMatchObject({ code: 'unreachable' });
    await kurento.close();
    cleanups.shift();
    expect(lost).toBe(0);
  });
});

describe('the session of another process', () => {
  async function endedProcess(kurento: TraceServer): Promise<MediaSession> {
    const before = await connect(kurento);
    await before.createPipeline({ name: 'room-1' });
    const { session } = before;
    if (!session) throw new Error('no session');
    before.close();
    return session;
  }

  it('is gone on with, by numbers that it has not used', async () => {
    const kurento = await startKurento();
    const session = await endedProcess(kurento);
    const used = Math.max(...kurento.requests.map(({ id }) => id));
    expect(session.nextRequest).toBeGreaterThan(used);
    const before = kurento.requests.length;

    const server = await connect(kurento, { session });
    expect([server.resumed, server.session?.id]).toEqual([true, session.id]);
    await server.createPipeline({ name: 'room-2' });
    const requests = kurento.requests.slice(before);
    expect(Math.min(...requests.map(({ id }) => id))).toBeGreaterThan(used);
    expect(requests.find(({ method }) => method === 'create')?.params?.sessionId).toBe(session.id);
    expect(server.session?.nextRequest).toBeGreaterThan(Math.max(...requests.map(({ id }) => id)));
  });

  it('is asked for before anything is asked in its name', async () => {
    const kurento = await startKurento();
    const session = await endedProcess(kurento);
    const before = kurento.requests.length;
    await connect(kurento, { session });
    const [first] = kurento.requests.slice(before).filter(({ params }) => params?.sessionId === session.id);
    expect(first?.method).toBe('connect');
  });

  it('that is over leaves a new one', async () => {
    const kurento = await startKurento();
    const session = await endedProcess(kurento);
    kurento.forgetSessions();
    const server = await connect(kurento, { session });
    expect(server.resumed).toBe(false);
    await server.createPipeline({ name: 'room-1' });
    expect(server.session?.id).not.toBe(session.id);
  });

  it('is asked for until there is an answer', async () => {
    const kurento = await startKurento();
    const session = await endedProcess(kurento);
    kurento.answer('connect', () => 'silence');
    const connecting = connect(kurento, { session, deadlineMs: 60 });
    await kurento.seen('connect');
    kurento.answerAsRecorded('connect');
    expect((await connecting).resumed).toBe(true);
  });
});
