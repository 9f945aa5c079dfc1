import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'nice-browser.sh');

/** How a browser is started that gives way to the servers it is a client of: on few cores, it would starve them. */
export function niceBrowser(path: string, environment: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...environment };
  if (process.platform === 'win32') return { executablePath: path, env };
  return { executablePath: SCRIPT, env: { ...env, HYPERROOM_BROWSER: path } };
}
