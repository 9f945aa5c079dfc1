import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleModules } from './bundle.ts';
import { declareTypes } from './declarations.ts';
import { ASSETS, CLIENT, ROOT } from './entries.ts';
import { publishedManifest } from './manifest.ts';
import { noticesOf } from './notices.ts';

const run = promisify(execFile);

export interface Built {
  readonly folder: string;
  /** The packages that the public types import. */
  readonly typesFrom: readonly string[];
}

/** Makes the package, as a folder that replaces what was there. */
export async function buildPackage(folder: string): Promise<Built> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [typesFrom, metafile] = await Promise.all([
    declareTypes(join(folder, 'types')),
    bundleModules(folder),
    copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE')),
    copyFile(join(CLIENT, 'README.md'), join(folder, 'README.md')),
    writeFile(join(folder, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`),
    ...ASSETS.map(({ source, name }) => copyInto(folder, source, name)),
  ]);
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES'), await noticesOf(metafile));
  return { folder, typesFrom };
}

export interface Packed {
  /** The path of the tarball. */
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Bytes of the tarball. */
  readonly size: number;
}

/** Packs a built package as npm would publish it, into a folder. */
export async function pack({ folder }: Built, destination: string): Promise<Packed> {
  const flags = ['--json', '--ignore-scripts', '--pack-destination', destination];
  const { stdout } = await run('npm', ['pack', ...flags], { cwd: folder });
  const [packed] = JSON.parse(stdout);
  return { tarball: join(destination, packed.filename), files: packed.files, size: packed.size };
}

async function copyInto(folder: string, source: string, name: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(join(CLIENT, source), path);
}
