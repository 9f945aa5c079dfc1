import type { Stack } from '@hyperroom/local';
import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';
import { PageReport } from '../call/page-report.ts';
import { pageScript } from '../call/page-script.ts';
import { until } from '../call/until.ts';

const DEADLINE = 20_000;
const Seen = v.record(v.string(), v.number());

/** A page with nothing but the SDK, in which one or more participants live (`page/bench.ts`). */
export class BenchPage {
  readonly #page: Page;
  readonly #stack: Stack;

  private constructor(page: Page, stack: Stack) {
    this.#page = page;
    this.#stack = stack;
  }

  /** `constraints`: what its participants publish. */
  static async open(browser: Browser, stack: Stack, constraints: object): Promise<BenchPage> {
    const page = await (await browser.newContext()).newPage();
    // Camera and microphone want a secure origin, and the call page's is one. This page of it runs nothing by itself.
    await page.goto(new URL('config.json', stack.demo).href);
    await page.addScriptTag({ content: await pageScript('bench.ts') });
    const bench = new BenchPage(page, stack);
    await bench.#run('open', constraints);
    return bench;
  }

  /** Joins, and waits until what it publishes has arrived; gives the moment it began to. */
  async join(room: string, name: string): Promise<number> {
    const { signalling: url, domain } = this.#stack;
    const startedAt = v.parse(v.number(), await this.#run('join', { url, domain }, room, name));
    const { good } = await until(() => this.#run('isPublishing', name), Boolean, { deadline: DEADLINE, every: 20 });
    if (!good) throw new Error(`${name} publishes, and nothing arrives`);
    return startedAt;
  }

  /** When `name` saw the first picture of each of `others`. */
  async seen(name: string, others: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const look = async () => v.parse(Seen, await this.#run('seen', name));
    const areAllIn = (found: Record<string, number>) => others.every((other) => found[other] !== undefined);
    const { good, seen } = await until(look, areAllIn, { deadline: DEADLINE, every: 20 });
    if (!good)
      throw new Error(`${name} does not see ${others.filter((other) => seen[other] === undefined).join(', ')}`);
    return seen;
  }

  async leave(name: string): Promise<void> {
    await this.#run('leave', name);
  }

  async floor(): Promise<number> {
    return v.parse(v.number(), await this.#run('floor'));
  }

  /** The frames of its signalling sockets, oldest first. */
  async joins(): Promise<PageReport['joins']> {
    return v.parse(PageReport, await this.#page.evaluate('hyperroomProbe.report()')).joins;
  }

  #run(command: string, ...parameters: unknown[]): Promise<unknown> {
    return this.#page.evaluate(`hyperroomBench.${command}(...${JSON.stringify(parameters)})`);
  }
}
