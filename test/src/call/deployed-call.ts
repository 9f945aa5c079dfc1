import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDemo } from '@hyperroom/client/build';
import { serveDemo } from '@hyperroom/local';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium/launch.ts';
import { Participant } from './participant.ts';
import { isFlowing, type Reports, type Stream, streamsOf } from './streams.ts';
import { until } from './until.ts';

export interface DeployedCallOptions {
  readonly url: string;
  readonly domain: string;
  /** Of two users; none where everybody may come without one. */
  readonly tokens: readonly string[];
  /** The deployment's own call page. Default: one served here. */
  readonly page?: string | undefined;
  readonly onProgress: (step: string) => void;
}

/** `no-media`: the join was answered as it must be where there is no media node. */
export type DeployedCall =
  | { readonly media: 'flows'; readonly streams: readonly Stream[] }
  | { readonly media: 'none' };

const FLOW_DEADLINE = 60_000;
const NAMES = ['Ada', 'Ben'];
/** The call page's words for `no-media-node`. */
const NO_MEDIA = 'No media server is available';

/** Two browsers meet in a room of a deployment, see and hear each other, and leave. */
export async function callDeployed(options: DeployedCallOptions): Promise<DeployedCall> {
  await using page = await pageOf(options);
  const browser = await launchChromium({ onProgress: options.onProgress });
  try {
    return await meet(browser, page.url, options);
  } finally {
    await browser.close();
  }
}

async function pageOf({ page, url, domain }: DeployedCallOptions): Promise<{ url: string } & AsyncDisposable> {
  if (page !== undefined) return { url: page, async [Symbol.asyncDispose]() {} };
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-page-'));
  await buildDemo({ outdir: folder, minify: false });
  const server = await serveDemo(folder, { signalling: url, domain }, 0);
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function meet(
  browser: Browser,
  demo: string,
  { tokens, onProgress }: DeployedCallOptions,
): Promise<DeployedCall> {
  const room = `deployed-${randomUUID().slice(0, 8)}`;
  const present: Participant[] = [];
  for (const [index, name] of NAMES.entries()) {
    onProgress(`${name} joins`);
    try {
      present.push(await Participant.join(browser, { demo, room, name, token: tokens[index] }));
    } catch (error) {
      if (error instanceof Error && error.message.includes(NO_MEDIA)) return { media: 'none' };
      throw error;
    }
  }
  const look = async (): Promise<Reports> =>
    new Map(await Promise.all(present.map(async (one) => [one.name, await one.report()] as const)));
  const isGood = (reports: Reports) =>
    streamsOf(reports).length === NAMES.length && streamsOf(reports).every(isFlowing);
  const { good, seen } = await until(look, isGood, { deadline: FLOW_DEADLINE, every: 250 });
  const streams = streamsOf(seen);
  if (!good) throw new Error(`no picture or no sound after ${FLOW_DEADLINE / 1000} s: ${JSON.stringify(streams)}`);
  for (const participant of present) {
    onProgress(`${participant.name} leaves`);
    await participant.leave();
  }
  return { media: 'flows', streams };
}
