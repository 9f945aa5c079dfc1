import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildDemo } from '@hyperroom/client/build';
import { serveDemo } from '@hyperroom/local';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { byTestId, untilSeen } from './sight.ts';
import type { Theatre } from './theatre.ts';

/** As the page's own observers say (`page/posing.ts`). */
const Vitals = v.object({
  /** Cumulative layout shift: what moved without anybody having touched the page. */
  shift: v.number(),
  /** Milliseconds to the largest contentful paint. */
  paintedAt: v.number(),
  longTasks: v.number(),
  /** Milliseconds beyond 50 of each long task. */
  blockedMs: v.number(),
});
export type Vitals = v.InferOutput<typeof Vitals>;

/** What a call page may take, at most. The times are for people to compare: they are those of the machine. */
export const BUDGET = { requests: 10, bytes: 80 * 1024, paintedAt: 2500, shift: 0.02, blockedMs: 200 } as const;

export interface Loaded {
  /** Gzipped, everything: the page, its style, its scripts, those that come later too. */
  readonly bytes: number;
  readonly requests: readonly string[];
}

export interface PageFigures {
  /** The page before a call, until it shows its form. */
  readonly first: Loaded & Vitals;
  /** From there until one is in a call: what else was loaded. */
  readonly join: Loaded & Vitals;
  /** While five people come into that call and go. */
  readonly crowd: Vitals;
}

const CROWD = ['Ben', 'Cleo', 'Dan', 'Eva', 'Finn'];

/** Loads the page as it is deployed, minified, and goes through a call. */
export async function measurePage(theatre: Theatre): Promise<PageFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-page-'));
  try {
    await buildDemo({ outdir: folder, minify: true });
    const { signalling, domain } = theatre.stack;
    const server = await serveDemo(folder, { signalling, domain }, 0);
    try {
      return await goThroughACall(theatre, server.url);
    } finally {
      await theatre.clear();
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function goThroughACall(theatre: Theatre, demo: string): Promise<PageFigures> {
  const room = theatre.newRoom('measured');
  const transfer = new Transfer();
  const page = await theatre.visit({ demo, query: { room }, onPage: async (page) => transfer.follow(page) });
  await page.waitForSelector(byTestId('join'));
  await page.waitForSelector(byTestId('preview'));
  const first = { ...(await transfer.take()), ...(await vitalsOf(page)) };
  await page.fill(byTestId('name'), 'Ada');
  await page.click(byTestId('join'));
  await page.waitForSelector(byTestId('alone'));
  const join = { ...(await transfer.take()), ...since(first, await vitalsOf(page)) };
  return { first, join, crowd: await comeAndGo(theatre, page, room) };
}

async function comeAndGo(theatre: Theatre, page: Page, room: string): Promise<Vitals> {
  const before = await vitalsOf(page);
  for (const [index, name] of CROWD.entries()) {
    await theatre.bring({ name, room });
    await untilSeen(page, index + 2);
  }
  for (const name of CROWD) await theatre.tell('leave', name);
  await page.waitForSelector(byTestId('alone'));
  return since(before, await vitalsOf(page));
}

async function vitalsOf(page: Page): Promise<Vitals> {
  return v.parse(Vitals, await page.evaluate('hyperroomVitals'));
}

function since(before: Vitals, now: Vitals): Vitals {
  return {
    shift: now.shift - before.shift,
    paintedAt: now.paintedAt,
    longTasks: now.longTasks - before.longTasks,
    blockedMs: now.blockedMs - before.blockedMs,
  };
}

/** Counts what a page is given. */
class Transfer {
  #sizes: Promise<number>[] = [];
  #requests: string[] = [];

  follow(page: Page): void {
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      this.#requests.push(pathname === '/' ? '/index.html' : pathname);
      this.#sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
    });
  }

  /** What has come since the last time. */
  async take(): Promise<Loaded> {
    const [requests, sizes] = [this.#requests, this.#sizes];
    this.#requests = [];
    this.#sizes = [];
    return { requests, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
  }
}
