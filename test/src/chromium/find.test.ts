import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findChromium } from './find.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hyperroom-find-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A browser of which only the version is real. */
async function place(path: string, script = 'echo "Chromium 1.2.3"'): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

function find(chosen: NodeJS.ProcessEnv = {}) {
  const environment = { PATH: join(folder, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'cache'), ...chosen };
  return findChromium(environment, join(folder, 'own'));
}

it.each(['CHROMIUM_PATH', 'CHROME_PATH'])('takes the one of %s before any other', async (variable) => {
  await place('bin/chromium');
  const path = await place('mine');
  expect(await find({ [variable]: path })).toMatchObject({ path, version: 'Chromium 1.2.3' });
});

it('does not replace a chosen one that does not run', async () => {
  await place('bin/chromium');
  const broken = await place('broken', 'exit 1');
  await expect(find({ CHROMIUM_PATH: broken })).rejects.toThrow('CHROMIUM_PATH');
});

it.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])(
  'finds %s on the path',
  async (name) => {
    const path = await place(`bin/${name}`);
    await place('own');
    expect(await find()).toMatchObject({ path, foundIn: 'this system' });
  },
);

it('passes over one that does not run', async () => {
  await place('bin/chromium', 'exit 1');
  const path = await place('bin/google-chrome');
  expect(await find()).toMatchObject({ path });
});

it("finds the one that Playwright's own version downloads before those of others", async () => {
  await place('cache/chromium-999/chrome-linux/chrome');
  const path = await place('own');
  expect(await find()).toMatchObject({ path, foundIn: "Playwright's cache" });
});

it("finds the newest of Playwright's others", async () => {
  await place('cache/chromium-999/chrome-linux/chrome');
  const path = await place('cache/chromium-1200/chrome-linux64/chrome');
  expect(await find()).toMatchObject({ path, foundIn: "Playwright's cache" });
});

it('finds none where there is none', async () => {
  expect(await find()).toBeUndefined();
});
