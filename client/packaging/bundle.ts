import { type BuildOptions, build, type Metafile } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { CLIENT, MODULES } from './entries.ts';

/** Modules for what Chrome, Firefox and Safari of the last two years have in common, and Node 20. */
export const BUNDLED = {
  absWorkingDir: CLIENT,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  external: Object.keys(manifest.peerDependencies),
  jsx: 'automatic',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
} as const satisfies BuildOptions;

/**
 * The package's modules: one for each entry, and what they share, once: an error that one throws is an `instanceof` the class that another
 * exports. They are left readable, for people's debuggers: whoever bundles an application minifies it.
 */
export async function bundleModules(outdir: string): Promise<Metafile> {
  const entryPoints = Object.fromEntries(MODULES.map(({ name, source }) => [name, source]));
  const naming = { entryNames: '[name]', chunkNames: 'shared/[name]-[hash]' };
  const { metafile } = await build({ ...BUNDLED, ...naming, entryPoints, outdir, sourcemap: true });
  return metafile;
}
