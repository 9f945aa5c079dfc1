import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DeployError } from './deploy-error.ts';

export interface CdkLocal {
  /** A harmless one. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An empty folder: a cdk.json would bring settings of its own. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Ends what runs. */
  readonly signal: AbortSignal;
}

const CDKLOCAL = fileURLToPath(import.meta.resolve('aws-cdk-local/bin/cdklocal'));
const LAST_WORDS = 12;

/** Runs `cdklocal <args>`; fails with its last words. */
export async function cdkLocal(
  { environment, folder, log, signal }: CdkLocal,
  [command, ...args]: readonly [string, ...string[]],
): Promise<void> {
  signal.throwIfAborted();
  // In a process group of its own: cdklocal waits for the CDK it starts without hearing any signal.
  const child = spawn(process.execPath, [CDKLOCAL, command, ...args, '--no-notices'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', end, { once: true });
  const lastWords: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return;
      lastWords.push(line);
      if (lastWords.length > LAST_WORDS) lastWords.shift();
      log(`cdklocal: ${line}`);
    });
  }
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (code === 0) return;
  throw new DeployError('deployment-failed', [`cdklocal ${command} failed`, ...lastWords].join('\n    '));
}
