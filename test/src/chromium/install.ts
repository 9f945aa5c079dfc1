import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Progress = (step: string) => void;

/** A way to get a Chromium onto this machine. */
interface Way {
  readonly name: string;
  readonly possible: () => Promise<boolean>;
  readonly commands: readonly (readonly [command: string, ...args: string[]])[];
}

const APT = '/usr/bin/apt-get';

const WAYS: readonly Way[] = [
  {
    name: 'apt',
    possible: async () => process.getuid?.() === 0 && (await exists(APT)),
    commands: [
      [APT, 'update'],
      [APT, 'install', '--yes', '--no-install-recommends', 'chromium'],
    ],
  },
  {
    name: "Playwright's download",
    possible: async () => true,
    commands: [[process.execPath, playwrightCli(), 'install', '--no-shell', 'chromium']],
  },
];

/** Tries one way after the other until `found` says that there is a Chromium; undefined if none led there. */
export async function installChromium<Found>(
  found: () => Promise<Found | undefined>,
  onProgress: Progress,
): Promise<Found | undefined> {
  for (const way of WAYS) {
    if (!(await way.possible())) continue;
    onProgress(`installing Chromium with ${way.name}`);
    await runAll(way.commands, onProgress);
    const chromium = await found();
    if (chromium !== undefined) return chromium;
    onProgress(`${way.name} gave no Chromium that runs`);
  }
  return undefined;
}

async function runAll(commands: Way['commands'], onProgress: Progress): Promise<void> {
  for (const command of commands) {
    const failure = await run(command);
    if (failure === undefined) continue;
    onProgress(`${command.join(' ')}: ${failure}`);
    return;
  }
}

/** Runs a command, its output shown as progress; undefined if it succeeded. */
function run([command, ...args]: readonly [string, ...string[]]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const child = spawn(command, args, { stdio: ['ignore', process.stderr, process.stderr], env });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`));
  });
}

function playwrightCli(): string {
  return join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
