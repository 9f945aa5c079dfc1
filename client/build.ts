import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

export { type Built, buildPackage, type Packed, pack } from './packaging/pack.ts';
export { measureSizes, type Size } from './packaging/sizes.ts';
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

/** Preact in place of React: the page is on the screen before React alone would have arrived. */
const PREACT: BuildOptions = {
  jsx: 'automatic',
  alias: {
    react: 'preact/compat',
    'react-dom': 'preact/compat',
    'react-dom/client': 'preact/compat/client',
    'react/jsx-runtime': 'preact/jsx-runtime',
  },
  // An alias is looked for from here.
  absWorkingDir: import.meta.dirname,
};

/** The call page: index.html, app.js and app.css, what app.js loads later, and a `config.json` beside them that it asks for. */
export async function buildDemo({ outdir, minify }: BuildFolder): Promise<void> {
  const folder = resolve(outdir);
  await mkdir(folder, { recursive: true });
  const entryPoints = [
    { in: source('demo/app.tsx'), out: 'app' },
    { in: source('demo/styles/app.css'), out: 'app' },
  ];
  const later = { splitting: true, chunkNames: 'later-[hash]' };
  await Promise.all([
    build({ ...BROWSERS, ...PREACT, ...later, entryPoints, outdir: folder, minify, sourcemap: !minify }),
    copyFile(source('demo/index.html'), join(folder, 'index.html')),
  ]);
}

function source(path: string): string {
  return join(import.meta.dirname, path);
}
