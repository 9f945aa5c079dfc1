import type { Page } from 'playwright-core';
import type { Theatre } from './theatre.ts';

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

/** Waits until as many pictures as there are tiles that show one have come. */
export async function untilSeen(page: Page, people: number): Promise<void> {
  const tiles = '[...document.querySelectorAll("[data-testid=tile]")]';
  const shown = `${tiles}.filter((tile) => tile.querySelector('video')?.videoWidth > 0).length`;
  await page.waitForFunction(`${tiles}.length >= ${people} && ${shown} >= ${people}`);
}
