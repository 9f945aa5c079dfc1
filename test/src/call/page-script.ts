import { join } from 'node:path';
import { build } from 'esbuild';

/** A script of `test/src/page`, as one piece of JavaScript for a page. */
export async function pageScript(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '..', 'page', name)],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}
