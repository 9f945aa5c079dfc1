import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { StateFile } from './state-file.ts';

let folder: string;
let file: StateFile;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
  file = new StateFile(join(folder, 'state'));
});

test('nothing was saved at first', async () => {
  expect(await file.load()).toBeNull();
});

test('the last text is kept, and nothing beside it', async () => {
  await file.save('one');
  await file.save('two');
  expect(await file.load()).toBe('two');
  expect(await readdir(folder)).toEqual(['state']);
});

test('a process that ended while it wrote has spoilt nothing', async () => {
  await file.save('whole');
  await writeFile(join(folder, 'state.new'), 'ha');
  expect(await file.load()).toBe('whole');
  await file.save('next');
  expect(await readFile(join(folder, 'state'), 'utf8')).toBe('next');
});

test('a path that cannot be read is an error, not an empty state', async () => {
  await expect(new StateFile(folder).load()).rejects.toMatchObject({ code: 'EISDIR' });
});
