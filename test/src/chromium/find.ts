import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export interface Chromium {
  readonly path: string;
  /** As it calls itself: `Chromium 156.0.8078.79 …`. */
  readonly version: string;
  readonly foundIn: string;
}

type Candidate = Omit<Chromium, 'version'>;

const VARIABLES = ['CHROMIUM_PATH', 'CHROME_PATH'];
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** A browser that prints no version within this time would not start either. */
const VERSION_DEADLINE = 20_000;

/** The first Chromium that runs: of the environment, the system, then Playwright's cache. */
export async function findChromium(
  environment: NodeJS.ProcessEnv = process.env,
  ownOfPlaywright = chromium.executablePath(),
): Promise<Chromium | undefined> {
  const chosen = chosenOf(environment);
  if (chosen) return demand(chosen);
  const cached = [ownOfPlaywright, ...(await inPlaywrightCache(environment))];
  const candidates = [
    ...onPath(environment.PATH ?? '').map((path) => ({ path, foundIn: 'this system' })),
    ...cached.map((path) => ({ path, foundIn: "Playwright's cache" })),
  ];
  for (const candidate of candidates) {
    const version = await versionOf(candidate.path);
    if (version !== undefined) return { ...candidate, version };
  }
  return undefined;
}

function chosenOf(environment: NodeJS.ProcessEnv): Candidate | undefined {
  const variable = VARIABLES.find((name) => environment[name]);
  const path = variable && environment[variable];
  return path ? { path, foundIn: `the environment's ${variable}` } : undefined;
}

/** Whoever names a browser wants that one and no other. */
async function demand(chosen: Candidate): Promise<Chromium> {
  const version = await versionOf(chosen.path);
  if (version !== undefined) return { ...chosen, version };
  throw new Error(`${chosen.path}, from ${chosen.foundIn}, does not run: correct or unset the variable`);
}

function onPath(path: string): string[] {
  const folders = path.split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** Those that any version of Playwright has downloaded, newest first. */
async function inPlaywrightCache(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const folder = environment.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  const builds = (await readdir(folder).catch(() => [])).filter((name) => /^chromium-\d+$/.test(name));
  const newestFirst = builds.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return newestFirst.flatMap((build) =>
    ['chrome-linux64', 'chrome-linux'].map((platform) => join(folder, build, platform, 'chrome')),
  );
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_DEADLINE });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
