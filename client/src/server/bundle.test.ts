import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { exports } from '../../package.json';

const CLIENT = new URL('../..', import.meta.url).pathname;

/** The sources that esbuild finds behind an entry of the package. */
async function sourcesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: CLIENT,
    bundle: true,
    write: false,
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
}

const isOfServer = (source: string) => /node_modules\/jose\/|src\/server\//.test(source);

test('the browser entries have nothing of the server entry and its dependency', async () => {
  const { './server': server, './build': _, ...browser } = exports;
  for (const entry of Object.values(browser)) expect((await sourcesOf(entry)).filter(isOfServer)).toEqual([]);
  expect((await sourcesOf(server)).some((source) => source.includes('node_modules/jose/'))).toBe(true);
});
