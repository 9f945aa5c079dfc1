import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that runs with these variables. */
export interface Program {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface Wanted {
  /** The program, in `usr/bin` of its package. */
  readonly program: string;
  /** Debian's package that has it. */
  readonly from: string;
}

/** Where Debian's are unpacked: they are not installed, for that would take root, and start some of them. */
const PARENT = join(import.meta.dirname, '../../../.hyperroom');

/** The system's program, or Debian's, fetched with what this system lacks of its libraries. */
export async function provideProgram(wanted: Wanted, onProgress: (step: string) => void): Promise<Program> {
  const found = await findProgram(wanted);
  if (found) return found;
  const { program, from } = wanted;
  onProgress(`fetching Debian’s ${from}`);
  try {
    await unpack(from);
  } catch (error) {
    onProgress(error instanceof Error ? error.message : String(error));
  }
  const fetched = await findProgram(wanted);
  if (fetched) return fetched;
  throw new Error(
    `no ${program} found, and none could be fetched. Install one (on Debian and Ubuntu: ${from}), then try again.`,
  );
}

async function findProgram({ program, from }: Wanted): Promise<Program | undefined> {
  const libraries = join(PARENT, from, 'usr/lib');
  const folders = (await readdir(libraries).catch(() => [])).map((name) => join(libraries, name));
  const candidates: Program[] = [
    { path: program, environment: {} },
    { path: join(PARENT, from, 'usr/bin', program), environment: { LD_LIBRARY_PATH: folders.join(':') } },
  ];
  for (const candidate of candidates) if (await isRunnable(candidate)) return candidate;
  return undefined;
}

async function isRunnable({ path, environment }: Program): Promise<boolean> {
  try {
    await run(path, ['--version'], { env: { ...process.env, ...environment } });
    return true;
  } catch {
    return false;
  }
}

async function unpack(from: string): Promise<void> {
  const folder = join(PARENT, from);
  const unpacking = `${folder}.${process.pid}`;
  try {
    const archives = await download(from, unpacking);
    const packages = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
    for (const name of packages) await run('dpkg-deb', ['--extract', join(archives, name), unpacking]);
    await rm(archives, { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(unpacking, folder);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}

/** A system that has never been updated does not know what there is: it is told, in a folder of ours. */
async function download(from: string, folder: string): Promise<string> {
  const archives = join(folder, 'archives');
  const lists = join(folder, 'lists');
  for (const partial of [archives, lists]) await mkdir(join(partial, 'partial'), { recursive: true });
  const settings = ['-o', 'Debug::NoLocking=true', '-o', `Dir::Cache::archives=${archives}`];
  const install = ['--download-only', '--yes', '--no-install-recommends', 'install', from];
  try {
    await run('apt-get', [...settings, ...install]);
  } catch {
    const ours = [...settings, '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${lists}`];
    await run('apt-get', [...ours, 'update']);
    await run('apt-get', [...ours, ...install]);
  }
  await rm(lists, { recursive: true });
  return archives;
}
