import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenTheatre, openTheatre } from '../pages/open-theatre.ts';
import { play } from '../pages/stories.ts';
import { violationsOf } from '../pages/violations.ts';

/** What has the most in it, each in one scheme: all of it in both is `npm run test:pages`. */
const GLANCES: Readonly<Record<string, 'light' | 'dark'>> = {
  'before/pre-join': 'light',
  'before/room-options': 'dark',
  'call/two': 'light',
  'call/chat': 'dark',
  'call/person-options': 'light',
  'call/settings': 'dark',
};

let open: OpenTheatre;

beforeAll(async () => {
  open = await openTheatre();
});
afterAll(() => open?.close());

it('keeps to WCAG before a call and in it, as far as axe-core can tell', async () => {
  const found: Record<string, string[]> = {};
  for await (const { name, page } of play(open.theatre, (name) => name in GLANCES)) {
    await page.emulateMedia({ colorScheme: GLANCES[name] ?? null });
    found[name] = await violationsOf(page);
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(GLANCES).map((name) => [name, []])));
});
