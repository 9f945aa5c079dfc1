import type { Page } from 'playwright-core';
import { until } from '../call/until.ts';
import type { Theatre } from './theatre.ts';

const DEADLINE = 60_000;

/** One state of the page, there to be looked at. */
export interface Sight {
  readonly name: string;
  readonly page: Page;
}

/** States that follow from one another: each is made when it is asked for, and is over with the next. */
export interface Story {
  readonly name: string;
  /** The names of its sights, in order. */
  readonly sights: readonly string[];
  play(theatre: Theatre): AsyncGenerator<Sight>;
}

export const byTestId = (id: string) => `[data-testid="${id}"]`;
export const tile = (name: string) => `[data-testid="tile"][data-participant="${name}"]`;

/** Waits until an expression is true of a page. Its policy forbids pages what would let them wait for that themselves. */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  const { good } = await until(() => page.evaluate<boolean>(expression), Boolean, { deadline: DEADLINE });
  if (!good) throw new Error(`not so after ${DEADLINE / 1000} s: ${expression}`);
}

/** Waits until as many tiles show a picture. */
export async function untilSeen(page: Page, pictures: number): Promise<void> {
  const tiles = '[...document.querySelectorAll("[data-testid=tile]")]';
  await untilTrue(page, `${tiles}.filter((tile) => tile.querySelector('video')?.videoWidth > 0).length >= ${pictures}`);
}

/** Waits until nothing is told any more about who came and went. */
export async function untilQuiet(page: Page): Promise<void> {
  await untilTrue(page, '!document.querySelector("[data-testid=news] .toast")');
}
