import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { describe, expect, it } from 'vitest';
import { LivePages } from './live-pages.ts';
import { Replay, type ReplayHooks } from './replay.ts';
import { RpcClient } from './rpc-client.ts';
import { loadTrace } from './trace.ts';

/** Replays a trace on an engine of its own; returns all differences, and what then is left in the engine. */
async function replay(
  name: string,
  hooks: ReplayHooks = {},
  prepare: (engine: KurentoEngine) => Promise<void> = async () => {},
): Promise<{ problems: string[]; left: ReturnType<KurentoEngine['counts']> }> {
  const engine = await startKurentoEngine();
  try {
    await prepare(engine);
    const run = new Replay(engine.url, loadTrace(name), hooks);
    const answers = await run.run();
    return { problems: [...answers, ...run.eventProblems()], left: engine.counts() };
  } finally {
    await engine.close();
  }
}

async function replayLive(
  name: string,
  pages = new LivePages(),
  prepare?: (engine: KurentoEngine) => Promise<void>,
): ReturnType<typeof replay> {
  try {
    return await replay(name, pages, prepare);
  } finally {
    await pages.close();
  }
}

const NOTHING = { pipelines: 0, endpoints: 0 };

describe.concurrent('the engine against what a real Kurento answered', () => {
  it('answers every error case alike', async () => {
    expect(await replay('errors')).toEqual({ problems: [], left: NOTHING });
  });

  it('tells of itself, of its objects and of live media alike', async () => {
    const { problems, left } = await replayLive('server-manager', undefined, async ({ url }) => {
      const other = await RpcClient.open(url);
      await other.create('MediaPipeline'); // the recorded server had other clients' pipelines too
    });
    expect(problems).toEqual([]);
    expect(left).toEqual({ pipelines: 1, endpoints: 0 });
  });

  it('moves a session to a new socket alike, events included', async () => {
    const pages = new LivePages(async (text) => {
      if (text.startsWith('the publisher page closes')) await pages.close();
    });
    expect(await replayLive('session-resume', pages)).toEqual({ problems: [], left: NOTHING });
  });

  it('runs a call of two alike, from the offers to the leaving', async () => {
    const pages = new LivePages(async (text) => {
      const [publisherA, publisherB, subscriberB, subscriberA] = [...pages.peers.values()];
      if (text.startsWith('B leaves')) await Promise.all([publisherB?.close(), subscriberB?.close()]);
      if (text.startsWith('A leaves')) await Promise.all([publisherA?.close(), subscriberA?.close()]);
    });
    expect(await replayLive('two-party-call', pages)).toEqual({ problems: [], left: NOTHING });
  });

  it('pauses and resumes media alike', async () => {
    expect(await replayLive('pause-resume')).toEqual({ problems: [], left: NOTHING });
  });

  /** Kurento gives a silent peer up after 25 s, and so does the engine: this takes as long. */
  it('notices a vanished browser by what Kurento notices it by', async () => {
    const pages = new LivePages(async (text) => {
      const [, publisherB, subscriberA, subscriberB] = [...pages.peers.values()];
      if (!text.startsWith('B vanishes')) return;
      await Promise.all([publisherB?.vanish(), subscriberB?.vanish()]);
      subscriberA?.stopReporting();
    }, 40_000);
    expect(await replayLive('peer-vanish', pages)).toEqual({ problems: [], left: NOTHING });
  }, 90_000);
});
