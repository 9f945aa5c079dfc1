import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A TypeScript program of this repository in a process of its own, that says it is ready with a line of JSON on stdout. */
export interface Child {
  readonly process: ChildProcess;
  /** The line that it said. */
  readonly ready: unknown;
  /** Resolves when it has ended, with what ended it: `SIGKILL`, `exit code 1`. */
  readonly ended: Promise<string>;
  /** Ends it for good: politely, then, after `CLOSE_DEADLINE`, by force. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE = 6_000;
/** Lines of its stderr that are shown if it ends too soon. */
const LAST_WORDS = 8;

export async function startChild(
  name: string,
  [entry, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Child> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], {
    // Ours end with this process, for then the pipe at their stdin closes.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const lastWords: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastWords.push(line);
    if (lastWords.length > LAST_WORDS) lastWords.shift();
    log(`${name}: ${line}`);
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? `exit code ${code}`);
  const first = await Promise.race([
    once(lines, 'line') as Promise<[string]>,
    ended.then((how) => {
      throw new Error([`the ${name} ended before it was ready (${how})`, ...lastWords].join('\n    '));
    }),
  ]);
  lines.on('line', (line) => log(`${name}: ${line}`));

  async function close(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Not a signal: that may mean to hand over to the next process. There will be none.
    child.stdin.end();
    const force = setTimeout(() => child.kill('SIGKILL'), CLOSE_DEADLINE);
    await ended;
    clearTimeout(force);
  }

  return { process: child, ready: JSON.parse(first[0]), ended, close };
}
