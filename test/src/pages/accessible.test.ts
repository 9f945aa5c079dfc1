import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenTheatre, openTheatre } from './open-theatre.ts';
import type { Story } from './sight.ts';
import { play, STORIES } from './stories.ts';
import { violationsOf } from './violations.ts';

const SCHEMES = ['light', 'dark'] as const;

let open: OpenTheatre;

beforeAll(async () => {
  open = await openTheatre();
});
afterAll(() => open?.close());

it.each(STORIES.map((story) => [story.name, story] as const))(
  'keeps to WCAG in every state of %s, light and dark',
  async (name: string, { sights }: Story) => {
    const seen: string[] = [];
    const violations: string[] = [];
    for await (const sight of play(open.theatre, (whole) => whole.startsWith(`${name}/`))) {
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
