import { join } from 'node:path';
import { build } from 'esbuild';

const scripts = new Map<string, Promise<string>>();

/** A script of `test/src/page`, as one piece of JavaScript for a page. */
export function pageScript(name: string): Promise<string> {
  const known = scripts.get(name) ?? bundled(name);
  scripts.set(name, known);
  return known;
}

async function bundled(name: string): Promise<string> {
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
