import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that runs with these variables. */
export interface Turnserver {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Where Debian's is unpacked: it is not installed, for that would take root, and start it. */
const FOLDER = join(import.meta.dirname, '../../../.hyperroom/coturn');

/** The system's coturn, or Debian's, fetched with what this system lacks of its libraries. */
export async function provideCoturn(onProgress: (step: string) => void): Promise<Turnserver> {
  const found = await findCoturn();
  if (found) return found;
  onProgress('fetching Debian’s coturn');
  try {
    await unpack();
  } catch (error) {
    onProgress(error instanceof Error ? error.message : String(error));
  }
  const fetched = await findCoturn();
  if (fetched) return fetched;
  throw new Error(
    'no coturn found, and none could be fetched. Install one (on Debian and Ubuntu: coturn), then try again.',
  );
}

async function findCoturn(): Promise<Turnserver | undefined> {
  const libraries = join(FOLDER, 'usr/lib');
  const folders = (await readdir(libraries).catch(() => [])).map((name) => join(libraries, name));
  const candidates: Turnserver[] = [
    { path: 'turnserver', environment: {} },
    { path: join(FOLDER, 'usr/bin/turnserver'), environment: { LD_LIBRARY_PATH: folders.join(':') } },
  ];
  for (const candidate of candidates) if (await isRunnable(candidate)) return candidate;
  return undefined;
}

async function isRunnable({ path, environment }: Turnserver): Promise<boolean> {
  try {
    await run(path, ['--version'], { env: { ...process.env, ...environment } });
    return true;
  } catch {
    return false;
  }
}

async function unpack(): Promise<void> {
  const unpacking = `${FOLDER}.${process.pid}`;
  const archives = join(unpacking, 'archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  try {
    const settings = ['-o', 'Debug::NoLocking=true', '-o', `Dir::Cache::archives=${archives}`];
    await run('apt-get', [...settings, '--download-only', '--yes', '--no-install-recommends', 'install', 'coturn']);
    const packages = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
    for (const name of packages) await run('dpkg-deb', ['--extract', join(archives, name), unpacking]);
    await rm(archives, { recursive: true });
    await rm(FOLDER, { recursive: true, force: true });
    await rename(unpacking, FOLDER);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}
