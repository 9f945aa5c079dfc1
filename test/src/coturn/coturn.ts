import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../free-port.ts';
import { provideCoturn } from './provide.ts';

/** What the hosts' coturn is told, but for what start.sh adds. */
export const HOST_CONFIG = join(import.meta.dirname, '../../../media-agent/host/turnserver.conf');
const SECRET = 'what the agent and coturn share';
/** What the host is known by elsewhere. Nothing is there. */
export const PUBLIC_ADDRESS = '198.51.100.9';
const READY = /Total General servers/;

/** A TURN server like those of the media hosts, on the loopback. */
export class Coturn implements AsyncDisposable {
  readonly urls: readonly string[];
  readonly secret = SECRET;
  /** What it has said so far. */
  readonly lines: string[];
  readonly #process: ChildProcess;
  readonly #folder: string;

  static async start(onProgress: (step: string) => void = () => {}): Promise<Coturn> {
    const { path, environment } = await provideCoturn(onProgress);
    const folder = await mkdtemp(join(tmpdir(), 'hyperroom-coturn-'));
    const port = await freePort();
    const config = join(folder, 'turnserver.conf');
    await writeFile(config, `${await readFile(HOST_CONFIG, 'utf8')}\n${settingsOf(port, folder)}`);
    const turnserver = spawn(path, ['-c', config], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...environment },
    });
    const lines: string[] = [];
    const output = createInterface({ input: turnserver.stdout }).on('line', (line) => lines.push(line));
    const coturn = new Coturn(turnserver, folder, port, lines);
    const ended = once(turnserver, 'exit').then(() => {
      throw new Error(['coturn has ended before it was ready:', ...lines].join('\n'));
    });
    ended.catch(() => {});
    const ready = new Promise<void>((resolve) => output.on('line', (line) => READY.test(line) && resolve()));
    await Promise.race([ready, ended]);
    return coturn;
  }

  private constructor(turnserver: ChildProcess, folder: string, port: number, lines: string[]) {
    this.#process = turnserver;
    this.#folder = folder;
    this.lines = lines;
    const url = `turn:127.0.0.1:${port}`;
    this.urls = [`${url}?transport=udp`, `${url}?transport=tcp`];
  }

  /** The participants to whom it has given allocations. */
  get served(): Set<string> {
    const users = this.lines.map(
      (line) => / user <\d+:([^>]+)>: incoming packet ALLOCATE processed, success/.exec(line)?.[1],
    );
    return new Set(users.filter((user) => user !== undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill();
      await ended;
    }
    await rm(this.#folder, { recursive: true });
  }
}

/** What start.sh adds, for a host whose address is the loopback's; and that it is one is all that is allowed beyond. */
function settingsOf(port: number, folder: string): string {
  return [
    'realm=localhost',
    `static-auth-secret=${SECRET}`,
    `listening-port=${port}`,
    'listening-ip=127.0.0.1',
    'relay-ip=127.0.0.1',
    `external-ip=${PUBLIC_ADDRESS}/127.0.0.1`,
    'allowed-peer-ip=127.0.0.1',
    'min-port=50001',
    'max-port=65535',
    'allow-loopback-peers',
    `pidfile=${join(folder, 'pid')}`,
    `userdb=${join(folder, 'db')}`,
    'verbose',
    '',
  ].join('\n');
}
