import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { agentEntry, hostFilesFolder, hostFolder } from '../layout.ts';

/**
 * Puts what a media host runs into one folder: the agent and all that it needs in one file, and the host's own scripts,
 * units and configuration.
 */
export async function bundleHost(outdir: string = hostFolder): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await cp(hostFilesFolder, outdir, { recursive: true });
  await Promise.all([
    bundleAgent(join(outdir, 'agent.js')),
    // On a host agent.js is CommonJS because nothing says otherwise; on a laptop the repository's package.json does.
    writeFile(join(outdir, 'package.json'), '{"type":"commonjs"}\n'),
  ]);
}

async function bundleAgent(outfile: string): Promise<void> {
  await build({
    entryPoints: [agentEntry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}
