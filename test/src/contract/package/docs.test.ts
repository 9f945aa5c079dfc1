import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeDocs } from '../../../../client/packaging/docs.ts';

it('the reference has a word for everything that is exported, and its links lead somewhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hyperroom-docs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  expect(await writeDocs(folder)).toEqual([]);
  expect(await readFile(join(folder, 'documents/Examples.html'), 'utf8')).toContain('minimal-call');
});
