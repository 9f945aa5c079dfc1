import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '../../../../media-agent/src/main.ts');

export interface Run {
  child: ChildProcess;
  logs: string[];
  exited: Promise<unknown[]>;
  /** What it says on stdout when it is registered. */
  ready: Promise<{ health: string }>;
}

/** Agents as processes of their own. */
export class AgentProcesses {
  readonly #children: ChildProcess[] = [];

  run(env: Record<string, string>): Run {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
      env: { ...process.env, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    const logs: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => logs.push(line));
    const ready = once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(String(line)));
    return { child, logs, exited: once(child, 'exit'), ready };
  }

  kill(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }
}
