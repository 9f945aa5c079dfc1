import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleForNode, markAsCommonJs } from '../bundle.ts';
import { functionsFolder, handlersFolder } from '../layout.ts';

export const functionNames = ['admit', 'api', 'authorizer', 'connect', 'disconnect', 'message', 'webhook'] as const;
export type FunctionName = (typeof functionNames)[number];

export interface BundleOptions {
  /** Folder with one `<function name>.ts` for each function, exporting `handler`. */
  readonly entryFolder?: string;
  readonly outdir?: string;
}

/** Bundles every function, dependencies and AWS SDK included, to `<outdir>/<function name>/index.js`. */
export async function bundleFunctions({
  entryFolder = handlersFolder,
  outdir = functionsFolder,
}: BundleOptions = {}): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await bundleForNode({
    entryPoints: Object.fromEntries(functionNames.map((name) => [`${name}/index`, join(entryFolder, `${name}.ts`)])),
    outdir,
  });
  await Promise.all(functionNames.map((name) => markAsCommonJs(join(outdir, name))));
}
