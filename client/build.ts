import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export { pagePolicy } from './page-policy.ts';

export interface BuildFolder {
  /** Where the files go; made if need be. */
  outdir: string;
  minify: boolean;
}

/** What Chrome, Firefox and Safari of the last two years have in common. */
const BROWSERS: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
};

/** The call page: index.html, app.js and app.css, which ask for `config.json` beside them and nothing else. */
export async function buildDemo({ outdir, minify }: BuildFolder): Promise<void> {
  await mkdir(outdir, { recursive: true });
  const entryPoints = [source('demo/app.ts'), source('demo/app.css')];
  await Promise.all([
    build({ ...BROWSERS, entryPoints, outdir, minify, sourcemap: !minify }),
    copyFile(source('demo/index.html'), join(outdir, 'index.html')),
  ]);
}

/**
 * The SDK as ES modules: `hyperroom.js`, `syncher.js`, and what both need, which they import. That is all of the first: who has a Syncher
 * has a `Hyperroom` to connect it by, and one file compresses better than two.
 */
export async function buildSdk({ outdir, minify }: BuildFolder): Promise<void> {
  const entryPoints = { hyperroom: source('src/index.ts'), syncher: source('src/syncher/index.ts') };
  const shared = { splitting: true, chunkNames: 'shared-[hash]' };
  await build({ ...BROWSERS, ...shared, entryPoints, outdir, minify, sourcemap: !minify });
}

function source(path: string): string {
  return join(import.meta.dirname, path);
}
