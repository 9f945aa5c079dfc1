import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const TSX = fileURLToPath(import.meta.resolve('tsx'));
/** Node 22 needs no telling. */
const FLAGS = 'WebSocket' in globalThis ? [] : ['--experimental-websocket', '--no-warnings'];

/** An example that runs in Node, in a process of its own. */
export class ExampleProcess {
  readonly #child: ChildProcess;
  #said = '';

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    const command = ['--import', TSX, ...FLAGS, 'main.ts'];
    this.#child = spawn(process.execPath, command, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
  }

  /** What it has written so far. */
  get said(): string {
    return this.#said;
  }

  /** Its exit code, once it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'close');
  }
}
