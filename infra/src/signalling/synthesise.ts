import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { repositoryRoot, signallingStackName } from '../layout.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { bundleFunctions } from './bundle-functions.ts';

/** A CloudFormation template as plain JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface SynthesisedStack {
  readonly template: Template;
  /** Absolute folder of each file asset, by the S3 key under which the template knows it. */
  readonly assets: Readonly<Record<string, string>>;
  /** The cloud assembly, as `cdk deploy --app <outdir>` takes it. */
  readonly outdir: string;
}

export interface SynthesisOptions extends Partial<Settings> {
  /** Folder of the functions' entry files. Default: the real handlers. */
  readonly entryFolder?: string;
  /** Where the cloud assembly goes. Default: a folder under `.hyperroom/`, reused while its inputs are the same. */
  readonly outdir?: string;
}

const cacheFolder = join(repositoryRoot, '.hyperroom', 'signalling');
// An emulator may still run from an older one.
const staleAfterMs = 7 * 24 * 60 * 60 * 1000;

/** Bundles the functions and synthesises the signalling stack, or finds the result of having done so. */
export async function synthSignalling(options: SynthesisOptions): Promise<SynthesisedStack> {
  if (options.outdir !== undefined) {
    await synthesise(options, options.outdir);
    return readAssembly(options.outdir);
  }
  const outdir = join(cacheFolder, await hashInputs(options));
  if (!(await exists(outdir))) {
    await mkdir(cacheFolder, { recursive: true });
    await removeStaleAssemblies();
    await synthesiseAtomically(options, outdir);
  }
  return readAssembly(outdir);
}

// Several test processes may synthesise the same inputs at once: the first rename wins, the others keep its result.
async function synthesiseAtomically(options: SynthesisOptions, outdir: string): Promise<void> {
  const scratch = await mkdtemp(`${outdir}-`);
  try {
    await synthesise(options, scratch);
    await rename(scratch, outdir);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    if (!(await exists(outdir))) throw error;
  }
}

async function synthesise(options: SynthesisOptions, outdir: string): Promise<void> {
  const { entryFolder, outdir: _, ...chosen } = options;
  const functionsFolder = join(outdir, 'functions');
  // Importing CDK takes over a second: only when there is something to synthesise, and while esbuild works.
  const [{ createApp }, { SignallingStack }] = await Promise.all([
    import('../cdk-app.ts'),
    import('./signalling-stack.ts'),
    bundleFunctions({ outdir: functionsFolder, ...(entryFolder === undefined ? {} : { entryFolder }) }),
  ]);
  const app = createApp(outdir);
  new SignallingStack(app, signallingStackName, { settings: { ...defaultSettings, ...chosen }, functionsFolder });
  app.synth();
  await rm(functionsFolder, { recursive: true });
}

async function readAssembly(outdir: string): Promise<SynthesisedStack> {
  const [template, manifest] = await Promise.all([
    readJson<Template>(join(outdir, `${signallingStackName}.template.json`)),
    readJson<AssetManifest>(join(outdir, `${signallingStackName}.assets.json`)),
  ]);
  const assets: Record<string, string> = {};
  for (const { source, destinations } of Object.values(manifest.files)) {
    if (source.packaging !== 'zip') continue;
    for (const { objectKey } of Object.values(destinations)) assets[objectKey] = join(outdir, source.path);
  }
  return { template, assets, outdir };
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, 'utf8'));
}

async function hashInputs({ entryFolder, ...signalling }: SynthesisOptions): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify({ ...signalling, entryFolder }));
  hash.update(await readFile(join(repositoryRoot, 'package-lock.json')));
  const functionSources =
    entryFolder === undefined ? ['functions/src', 'protocol/src'].map(inRepository) : [entryFolder];
  for (const folder of [inRepository('infra/src'), ...functionSources]) {
    for (const file of await sourceFiles(folder)) {
      hash
        .update(relative(repositoryRoot, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function inRepository(path: string): string {
  return join(repositoryRoot, path);
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function removeStaleAssemblies(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const folder = join(cacheFolder, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > staleAfterMs) await rm(folder, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
