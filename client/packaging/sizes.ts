import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { BUNDLED } from './bundle.ts';
import { CLIENT, MODULES } from './entries.ts';

export interface Size {
  readonly what: string;
  /** Minified, and compressed by gzip -9. */
  readonly bytes: number;
  /** The most that it may be. Undefined: it does not matter much. */
  readonly limit: number | undefined;
}

const KIB = 1024;

/** What an application that imports all of an entry loads of this package. Other packages are not counted: it has React anyway. */
export async function measureSizes(): Promise<readonly Size[]> {
  const core = await load('.');
  const beside = (subpath: string) => async () => sum(await load('.', subpath)) - sum(core);
  const alone = (subpath: string) => async () => sum(await load(subpath));
  const others = [
    { subpath: './syncher', what: 'Syncher, beside the core', measure: beside('./syncher'), limit: 4 * KIB },
    { subpath: './react', what: 'React, beside the core', measure: beside('./react'), limit: 4 * KIB },
    { subpath: './devices', what: 'devices, beside the core', measure: beside('./devices') },
    { subpath: './testing', what: 'testing', measure: alone('./testing') },
    { subpath: './server', what: 'server', measure: alone('./server') },
  ].filter(({ subpath }) => MODULES.some((module) => module.subpath === subpath));
  return [
    { what: 'core', bytes: core.first, limit: 15 * KIB },
    { what: 'core, with what a join loads meanwhile', bytes: sum(core), limit: 24 * KIB },
    ...(await Promise.all(others.map(async ({ what, measure, limit }) => ({ what, bytes: await measure(), limit })))),
  ];
}

interface Loaded {
  /** Bytes of what is needed before anything runs. */
  readonly first: number;
  /** Of what is imported when it is needed. */
  readonly later: number;
}

function sum({ first, later }: Loaded): number {
  return first + later;
}

async function load(...subpaths: readonly string[]): Promise<Loaded> {
  const sources = MODULES.filter(({ subpath }) => subpaths.includes(subpath)).map(({ source }) => source);
  const contents = sources.map((source) => `export * from ${JSON.stringify(source)};`).join('\n');
  const application = { contents, resolveDir: CLIENT, sourcefile: 'application.ts' };
  const { outputFiles, metafile } = await build({
    ...BUNDLED,
    stdin: application,
    outdir: CLIENT,
    write: false,
    minify: true,
  });
  const first = neededFirst(metafile);
  const bytes = { first: 0, later: 0 };
  for (const { path, contents } of outputFiles) {
    bytes[first.has(path.slice(CLIENT.length + 1)) ? 'first' : 'later'] += gzipSync(contents, { level: 9 }).length;
  }
  return bytes;
}

/** The outputs that the entry's imports lead to, other than by `import()`. */
function neededFirst({ outputs }: Metafile): ReadonlySet<string> {
  const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'application.ts') ?? [];
  const needed = new Set(entry === undefined ? [] : [entry]);
  for (const path of needed) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') needed.add(imported);
    }
  }
  return needed;
}
