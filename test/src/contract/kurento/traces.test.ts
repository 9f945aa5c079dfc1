import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LivePages } from './live-pages.ts';
import { Replay, type ReplayHooks } from './replay.ts';
import { RpcClient } from './rpc-client.ts';
import { loadTrace } from './trace.ts';

let engine: KurentoEngine;

beforeEach(async () => {
  engine = await startKurentoEngine();
});

afterEach(() => engine.close());

async function replay(name: string, hooks: ReplayHooks = {}): Promise<string[]> {
  const run = new Replay(engine.url, loadTrace(name), hooks);
  const answers = await run.run();
  return [...answers, ...run.eventProblems()];
}

async function replayLive(name: string, notes?: ConstructorParameters<typeof LivePages>[0]): Promise<string[]> {
  const pages = new LivePages(notes);
  try {
    return await replay(name, pages);
  } finally {
    await pages.close();
  }
}

describe('the engine against what a real Kurento answered', () => {
  it('answers every error case alike', async () => {
    expect(await replay('errors')).toEqual([]);
  });

  it('tells of itself, of its objects and of live media alike', async () => {
    const other = await RpcClient.open(engine.url);
    await other.create('MediaPipeline'); // the recorded server had other clients' pipelines too
    expect(await replayLive('server-manager')).toEqual([]);
    expect(engine.counts()).toEqual({ pipelines: 1, endpoints: 0 });
  });

  it('moves a session to a new socket alike, events included', async () => {
    const problems = await replayLive('session-resume', async (text, pages) => {
      if (text.startsWith('the publisher page closes')) await pages.close();
    });
    expect(problems).toEqual([]);
  });

  it('runs a call of two alike, from the offers to the leaving', async () => {
    const problems = await replayLive('two-party-call', async (text, pages) => {
      const [publisherA, publisherB, subscriberB, subscriberA] = [...pages.peers.values()];
      if (text.startsWith('B leaves')) await Promise.all([publisherB?.close(), subscriberB?.close()]);
      if (text.startsWith('A leaves')) await Promise.all([publisherA?.close(), subscriberA?.close()]);
    });
    expect(problems).toEqual([]);
    expect(engine.counts()).toEqual({ pipelines: 0, endpoints: 0 });
  });

  it('pauses and resumes media alike', async () => {
    expect(await replayLive('pause-resume')).toEqual([]);
  });
});
