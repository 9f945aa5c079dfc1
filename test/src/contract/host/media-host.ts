import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { bundleHost, type HostSettings, userDataOf } from '@hyperroom/infra';
import type { AwsEmulator } from '@hyperroom/local/aws';
import { Instance } from './instance.ts';
import { readUnit, type Unit } from './unit.ts';

/** What a media host does that this machine is not to do, nor has. */
const COMMANDS = [
  ...['amazon-cloudwatch-agent-ctl', 'aws', 'dnf', 'docker', 'ip', 'iptables'],
  ...['python3', 'rpm', 'sleep', 'systemctl'],
];
const AGENT = 'hyperroom-agent.service';

export interface MediaHostOptions {
  readonly emulator: AwsEmulator;
  readonly settings: HostSettings;
  /** Of Secrets Manager, as `aws` would print them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** How often the packages cannot be had. */
  readonly failures?: number;
}

/** An instance at its first boot: its files are in a folder, and its commands end at their boundary. */
export class MediaHost implements AsyncDisposable {
  /** Each command with its arguments, and where it has failed, that. */
  readonly commands: string[] = [];
  readonly output: string[] = [];
  readonly root: string;
  readonly #options: MediaHostOptions;
  readonly #present = new Set<string>();
  #failures: number;
  #instance: Instance | undefined;
  #unit: Unit | undefined;
  #agent: ChildProcess | undefined;
  #agentReady: Promise<unknown> = Promise.resolve();
  readonly #gone = new AbortController();

  static async create(options: MediaHostOptions): Promise<MediaHost> {
    const host = new MediaHost(options, await mkdtemp(join(tmpdir(), 'hyperroom-host-')));
    const command = (name: string, args: readonly string[]) => host.#command(name, args);
    host.#instance = await Instance.start({ credentials: options.emulator.credentials, command });
    await Promise.all([host.#placeCommands(), bundleHost(host.#asset)]);
    for (const folder of ['etc/systemd/system', 'etc/logrotate.d']) {
      await mkdir(join(host.root, folder), { recursive: true });
    }
    return host;
  }

  private constructor(options: MediaHostOptions, root: string) {
    this.#options = options;
    this.#failures = options.failures ?? 0;
    this.root = root;
  }

  get instance(): Instance {
    if (!this.#instance) throw new Error('the host is not there yet');
    return this.#instance;
  }

  get agentUnit(): Unit {
    if (!this.#unit) throw new Error('the agent was not started');
    return this.#unit;
  }

  /** Resolves with the agent's exit code. */
  async agentEnded(): Promise<unknown> {
    if (!this.#agent) throw new Error('the agent was not started');
    const [code] = this.#agent.exitCode === null ? await once(this.#agent, 'exit') : [this.#agent.exitCode];
    return code;
  }

  /** Runs the user data of the first boot. Resolves with what a failure of it says; undefined: there was none. */
  async boot(): Promise<string | undefined> {
    const script = join(this.root, 'user-data');
    const { settings } = this.#options;
    await writeFile(script, userDataOf({ bucket: 'assets', key: 'host.zip', settings }));
    return this.#bash(script);
  }

  /** Shuts down, and runs what hyperroom-host.service runs at every later boot. */
  async bootAgain(): Promise<string | undefined> {
    this.#agent?.kill('SIGTERM');
    await this.agentEnded();
    const { command } = await readUnit('hyperroom-host.service', this.#place);
    return this.#bash(join(this.root, command[1] ?? ''));
  }

  read(file: string): Promise<string> {
    return readFile(join(this.root, file), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    if (this.#agent?.kill('SIGKILL')) await once(this.#agent, 'exit');
    await this.#instance?.[Symbol.asyncDispose]();
    await rm(this.root, { recursive: true });
  }

  get #asset(): string {
    return join(this.root, 'asset');
  }

  get #place() {
    return {
      root: this.root,
      specifiers: { '%S': join(this.root, 'var/lib'), '%d': join(this.root, 'run/credentials') },
    };
  }

  async #bash(script: string): Promise<string | undefined> {
    const env = {
      ...process.env,
      PATH: `${join(this.root, 'bin')}:${process.env.PATH}`,
      HYPERROOM_ROOT: this.root,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: this.instance.url,
    };
    try {
      const { stderr } = await promisify(execFile)('bash', [script], { env, signal: this.#gone.signal });
      this.output.push(stderr);
      return undefined;
    } catch (error) {
      return String((error as { stderr?: unknown }).stderr);
    }
  }

  /** In place of each command, one that asks the test what it does. */
  async #placeCommands(): Promise<void> {
    await mkdir(join(this.root, 'bin'));
    for (const name of COMMANDS) {
      const file = join(this.root, 'bin', name);
      const url = `${this.instance.url}/command/${name}`;
      await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$@" | curl --silent --fail --data-binary @- ${url}\n`);
      await chmod(file, 0o755);
    }
  }

  async #command(name: string, args: readonly string[]): Promise<string> {
    const line = [name, ...args].join(' ');
    try {
      const printed = await this.#perform(name, args);
      this.commands.push(line);
      return printed;
    } catch (error) {
      this.commands.push(`${line}: failed`);
      throw error;
    }
  }

  async #perform(name: string, args: readonly string[]): Promise<string> {
    const last = args.at(-1) ?? '';
    switch (`${name} ${args[0]}`) {
      case 'dnf install':
        if (this.#failures-- > 0) throw new Error('no mirror answers');
        this.#present.add('packages');
        return '';
      case 'rpm --query':
        return this.#require('packages');
      case 'docker pull':
        this.#present.add(last);
        return '';
      case 'docker image':
        return this.#require(last);
      case 'iptables --wait':
        return args[1] === '--check' ? this.#require('rule') : this.#add('rule');
      case 'aws secretsmanager':
        return this.#options.secrets?.[args[args.indexOf('--secret-id') + 1] ?? ''] ?? this.#require('secret');
      case 'python3 -m':
        return this.#extract(last);
      case 'systemctl start':
        if (args.includes(AGENT)) await this.#startAgent();
        return '';
      case 'sleep 1':
        // What is waited for in this test is the agent.
        await this.#agentReady;
        return '';
      default:
        return '';
    }
  }

  #require(what: string): string {
    if (!this.#present.has(what)) throw new Error(`there is no ${what}`);
    return '';
  }

  #add(what: string): string {
    this.#present.add(what);
    return '';
  }

  /** As `python3 -m zipfile` does it: no file can be executed afterwards. */
  async #extract(folder: string): Promise<string> {
    await cp(this.#asset, folder, { recursive: true });
    return '';
  }

  /** As systemd would: with the environment of the unit, and where AWS is. */
  async #startAgent(): Promise<void> {
    this.#unit = await readUnit(AGENT, this.#place);
    const { command, environment, credentials } = this.#unit;
    for (const [name, file] of Object.entries(credentials)) {
      const copy = join(this.#place.specifiers['%d'], name);
      await mkdir(dirname(copy), { recursive: true });
      await cp(join(this.root, file), copy);
    }
    await mkdir(join(this.root, 'var/lib/hyperroom'), { recursive: true });
    const args = command.slice(1).map((part) => (part.startsWith('/') ? join(this.root, part) : part));
    const agent = spawn(process.execPath, args, {
      cwd: this.root,
      env: {
        ...environment,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: this.instance.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: this.#options.emulator.dynamoDbUrl,
        AWS_ENDPOINT_URL_AUTO_SCALING: this.instance.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#agent = agent;
    createInterface({ input: agent.stderr }).on('line', (line) => this.output.push(line));
    const ready = once(createInterface({ input: agent.stdout }), 'line');
    this.#agentReady = Promise.race([ready, once(agent, 'exit')]);
  }
}
