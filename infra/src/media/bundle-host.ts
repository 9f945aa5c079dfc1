import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleForNode, markAsCommonJs } from '../bundle.ts';
import { agentEntry, hostFilesFolder, hostFolder } from '../layout.ts';

/**
 * Puts what a media host runs into one folder: the agent and all that it needs in one file, and the host's own scripts,
 * units and configuration.
 */
export async function bundleHost(outdir: string = hostFolder): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await cp(hostFilesFolder, outdir, { recursive: true });
  await Promise.all([
    bundleForNode({ entryPoints: [agentEntry], outfile: join(outdir, 'agent.js') }),
    markAsCommonJs(outdir),
  ]);
}
