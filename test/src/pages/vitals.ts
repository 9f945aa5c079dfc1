import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildDemo } from '@hyperroom/client/build';
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
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Loads the page as it is deployed, minified, and goes through a call. */
export async function measurePage(theatre: Theatre): Promise<PageFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-page-'));
  try {
    await buildDemo({ outdir: folder, minify: true });
    const room = theatre.newRoom('measured');
    const transfer = new Transfer(folder);
    const page = await theatre.visit({ query: { room }, onPage: (page) => transfer.follow(page) });
    await page.waitForSelector(byTestId('join'));
    await page.waitForSelector(byTestId('preview'));
    const first = { ...transfer.take(), ...(await vitalsOf(page)) };
    await page.fill(byTestId('name'), 'Ada');
    await page.click(byTestId('join'));
    await page.waitForSelector(byTestId('alone'));
    const join = { ...transfer.take(), ...since(first, await vitalsOf(page)) };
    return { first, join, crowd: await comeAndGo(theatre, page, room) };
  } finally {
    await theatre.clear();
    await rm(folder, { recursive: true });
  }
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

/** Gives a page the files of a folder in place of the stack's, and counts them. */
class Transfer {
  readonly #folder: string;
  #bytes = 0;
  #requests: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async follow(page: Page): Promise<void> {
    await page.route(/^http/, async (route) => {
      const { pathname } = new URL(route.request().url());
      const name = pathname === '/' ? '/index.html' : pathname;
      const response = await route.fetch();
      const body = extname(name) in TYPES ? await readFile(join(this.#folder, name)) : await response.body();
      this.#requests.push(name);
      this.#bytes += gzipSync(body, { level: 9 }).length;
      const contentType = TYPES[extname(name)];
      await route.fulfill({ status: 200, headers: response.headers(), body, ...(contentType && { contentType }) });
    });
  }

  /** What has come since the last time. */
  take(): Loaded {
    const loaded = { bytes: this.#bytes, requests: this.#requests };
    this.#bytes = 0;
    this.#requests = [];
    return loaded;
  }
}
