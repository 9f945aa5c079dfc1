import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import * as v from 'valibot';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

const Found = v.array(v.object({ id: v.string(), help: v.string(), nodes: v.array(v.object({ html: v.string() })) }));

let axe: Promise<string> | undefined;

/** What of WCAG 2.0 and 2.1, levels A and AA, a page does not keep, as far as axe-core can tell: the rule, and where. */
export async function violationsOf(page: Page): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`globalThis.axe || (() => { ${await axe} })()`);
  const options = { runOnly: RULES, resultTypes: ['violations'], elementRef: false };
  const run = `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`;
  const found = v.parse(Found, await page.evaluate(run));
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}
