import { startStack } from '@hyperroom/local';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../chromium/launch.ts';
import type { Story } from './sight.ts';
import { play, STORIES } from './stories.ts';
import { Theatre } from './theatre.ts';
import { violationsOf } from './violations.ts';

const SCHEMES = ['light', 'dark'] as const;

let browser: Browser;
let theatre: Theatre;
let close: () => Promise<void>;

beforeAll(async () => {
  const [stack, chromium] = await Promise.all([startStack(), launchChromium()]);
  browser = chromium;
  theatre = new Theatre(browser, stack);
  close = async () => {
    await browser.close();
    await stack.close();
  };
});
afterAll(() => close?.());

it.each(STORIES.map((story) => [story.name, story] as const))(
  'keeps to WCAG in every state of %s, light and dark',
  async (name: string, { sights }: Story) => {
    const seen: string[] = [];
    const violations: string[] = [];
    for await (const sight of play(theatre, (whole) => whole.startsWith(`${name}/`))) {
      seen.push(sight.name);
      for (const colorScheme of SCHEMES) {
        await sight.page.emulateMedia({ colorScheme });
        const found = await violationsOf(sight.page);
        violations.push(...found.map((violation) => `${sight.name} (${colorScheme}): ${violation}`));
      }
    }
    expect(violations).toEqual([]);
    expect(seen).toEqual(sights.map((sight) => `${name}/${sight}`));
  },
);
