import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How systemd would run a service. */
export interface Unit {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** By name, the files that it may read as credentials. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Exit codes after which it is not started again. */
  readonly lastExits: readonly number[];
}

export interface UnitPlace {
  /** The root of the host's file system. */
  readonly root: string;
  /** What the specifiers of a unit stand for: `%S`, `%d`. */
  readonly specifiers: Readonly<Record<string, string>>;
}

/** Reads an installed unit, as far as those of a media host go. */
export async function readUnit(name: string, { root, specifiers }: UnitPlace): Promise<Unit> {
  const lines = await readLines(join(root, 'etc/systemd/system', name));
  const settings = lines.map((line) => line.split(/=(.*)/s) as [string, string]);
  const all = (key: string) => settings.filter(([name]) => name === key).map(([, value]) => expand(value, specifiers));
  const files = await Promise.all(all('EnvironmentFile').map((file) => readLines(join(root, file))));
  const assignments = [...files.flat(), ...all('Environment').flatMap((line) => line.split(' '))];
  const [program, ...args] = all('ExecStart').join().split(/\s+/);
  if (!program) throw new Error(`${name} starts nothing`);
  return {
    command: [program, ...args],
    environment: Object.fromEntries(assignments.map(assignment)),
    credentials: Object.fromEntries(all('LoadCredential').map((line) => line.split(':') as [string, string])),
    lastExits: all('RestartPreventExitStatus').flatMap((line) => line.split(' ').map(Number)),
  };
}

/** Without comments and empty lines; a backslash goes on with the next. */
async function readLines(file: string): Promise<string[]> {
  const text = (await readFile(file, 'utf8')).replaceAll(/\\\n\s*/g, '');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function expand(value: string, specifiers: UnitPlace['specifiers']): string {
  return value.replaceAll(/%[A-Za-z]/g, (specifier) => specifiers[specifier] ?? specifier);
}

function assignment(line: string): [string, string] {
  const [name = '', value = ''] = line.split(/=(.*)/s);
  return [name, value.replace(/^'(.*)'$/s, '$1')];
}
