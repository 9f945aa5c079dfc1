import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const DOCS = resolve(import.meta.dirname, '../../../../docs');

it('every step of docs/protocol.md is walked by the test that it names', async () => {
  const page = await readFile(join(DOCS, 'protocol.md'), 'utf8');
  const named = [...page.matchAll(/\]\((\.\.\/[^)]+\.test\.ts)\) "([^"]+)"/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, file = '', name = ''] of named) {
    expect(await readFile(join(DOCS, file), 'utf8'), file).toContain(name);
  }
});

it('every file that docs/protocol.md links to is there', async () => {
  const page = await readFile(join(DOCS, 'protocol.md'), 'utf8');
  const files = [...page.matchAll(/\]\(((?:\.\.\/)?[\w./-]+\.\w+)(?:#[\w-]+)?\)/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(20);
  await Promise.all(files.map((file) => readFile(join(DOCS, file))));
});
