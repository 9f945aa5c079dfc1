import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LivePages } from './live-pages.ts';
import { Replay } from './replay.ts';
import { loadTrace } from './trace.ts';

let engine: KurentoEngine;

beforeEach(async () => {
  engine = await startKurentoEngine();
});

afterEach(() => engine.close());

/** Kurento gives a silent peer up after 25 s, and so does the engine: this takes as long. */
it('notices a vanished browser by what Kurento notices it by', async () => {
  const pages = new LivePages(async (text) => {
    const [, publisherB, subscriberA, subscriberB] = [...pages.peers.values()];
    if (!text.startsWith('B vanishes')) return;
    await Promise.all([publisherB?.vanish(), subscriberB?.vanish()]);
    subscriberA?.stopReporting();
  }, 40_000);
  const run = new Replay(engine.url, loadTrace('peer-vanish'), pages);
  const problems = [...(await run.run()), ...run.eventProblems()];
  await pages.close();
  expect(problems).toEqual([]);
}, 90_000);
