import { type Cloud, DOMAIN } from '../aws/cloud.ts';
import type { Io } from '../io.ts';
import { Agent, type AgentPorts, type DrainTimings, type StateStore } from '../media/agent.ts';
import { MediaHost } from '../media/media-host.ts';
import { SimulatedMedia } from '../media/media-port.ts';
import type { Transports } from '../media/transports.ts';
import { Network } from '../network.ts';
import { Process } from '../time/process.ts';
import { AgentSocket } from './agent-socket.ts';

export interface NodeOptions {
  readonly name: string;
  /** Endpoints. */
  readonly capacity: number;
  /** Whether a new process goes on where the last one was. */
  readonly keepsState: boolean;
}

/** What a simulation of a defect wants of it. */
export interface Defects {
  readonly forgetsState: boolean;
  readonly hidesPipelines: boolean;
}

/** Of what a socket may last, how much it is used for. */
export const ROLL_OVER = 5 / 6;

/** How long a supervisor takes to start what has ended. */
const RESTART: readonly [number, number] = [300, 1_500];

const DRAIN: DrainTimings = { finishMs: 20_000, limitMs: 120_000, intervalMs: 2_000, quietMs: 8_000 };

/** A media node: an agent and a Kurento on one host, and what starts them again. */
export class MediaNode {
  readonly name: string;
  readonly options: NodeOptions;
  readonly media: MediaHost;
  readonly network: Network;
  readonly #io: Io;
  readonly #defects: Defects;
  readonly #cloud: Cloud;
  #kept: string | null = null;
  #agent: { process: Process; running: Agent | undefined } | undefined;
  #lives = 0;
  /** It is to go: whoever is started again hears of that as well. */
  #drains: DrainTimings | undefined;
  /** Whether what ends is started again. */
  supervised = true;
  /** Whether it has drained: there is no such host any more. */
  hasGone = false;

  constructor(options: NodeOptions, io: Io, cloud: Cloud, transports: Transports, defects: Defects) {
    this.#defects = defects;
    this.name = options.name;
    this.options = options;
    this.#io = io;
    this.#cloud = cloud;
    this.network = new Network(io);
    this.media = new MediaHost(`kms-${options.name}`, io, transports.endpoints);
  }

  /** As its own `/healthz` has it. */
  get health(): Agent['health'] | undefined {
    return this.#agent?.running?.health;
  }

  get process(): Process | undefined {
    return this.#agent?.process;
  }

  start(): void {
    if (this.hasGone) return;
    this.media.start();
    this.startAgent();
  }

  startAgent(): void {
    if (this.#agent) return;
    const process = new Process(`agent-${this.name}.${++this.#lives}`);
    const agent: { process: Process; running: Agent | undefined } = { process, running: undefined };
    this.#agent = agent;
    const settings = {
      nodeId: this.name,
      domain: DOMAIN,
      signallingUrl: 'wss://signalling.example.org/live',
      token: async () => `node:${this.name}`,
      capacity: this.options.capacity,
    };
    const start = async () => {
      agent.running = await Agent.create(settings, this.#ports(process), {
        log: this.#log(),
        linkTimings: { rolloverMs: ROLL_OVER * this.#cloud.gateway.longest },
      });
      await agent.running.start();
      await this.#drain();
    };
    const failed = (error: unknown) => {
      this.#io.scheduler.note(`the agent ends: ${error}`);
      this.killAgent();
    };
    this.#io.scheduler.after(0, 'agent starts', () => void start().catch(failed), process);
  }

  killAgent(): void {
    this.#agent?.process.kill();
    this.#agent = undefined;
    this.#again('the agent is started again', () => this.startAgent());
  }

  /** As by SIGTERM. */
  stopAgent(): void {
    const agent = this.#agent;
    if (!agent) return;
    const stop = () => void agent.running?.stop().then(() => this.killAgent());
    this.#io.scheduler.after(0, 'SIGTERM', stop, agent.process);
  }

  /** As by SIGUSR2, or because its host is to go: where it has no room left the agent ends for good, and its host with it. */
  drain(timings: Partial<DrainTimings> = {}): void {
    this.#drains = { ...DRAIN, ...timings };
    const drain = () => this.#drain().catch((error) => this.#io.scheduler.note(`not drained: ${error}`));
    if (this.process) this.#io.scheduler.after(0, 'drains', () => void drain(), this.process);
  }

  async #drain(): Promise<void> {
    const { running } = this.#agent ?? {};
    if (!this.#drains || !running) return;
    await running.drain(this.#drains);
    await running.retire();
    this.hasGone = true;
    this.supervised = false;
    this.killAgent();
  }

  crashKurento(): void {
    this.media.crash();
    this.#again('Kurento is started again', () => this.media.start());
  }

  /** Both at once, and perhaps for good. */
  crash(): void {
    this.killAgent();
    this.crashKurento();
  }

  #again(what: string, start: () => void): void {
    const [least, most] = RESTART;
    const { scheduler } = this.#io;
    const again = () => this.supervised && start();
    if (this.supervised) scheduler.after(scheduler.random.between(least, most), what, again, scheduler.world);
  }

  #ports(process: Process): AgentPorts {
    const host = { process, network: this.network };
    return {
      connectMedia: (session) => SimulatedMedia.connect(this.#io, this.media, session, this.#defects),
      openSocket: (url) => new AgentSocket(url, host, this.#cloud.gateway),
      post: async (connectionId, frame) => {
        if (!this.network.isUp) throw new Error('no network');
        return (await this.#cloud.post(connectionId, frame)) ? 'delivered' : 'gone';
      },
      store: this.options.keepsState ? this.#store() : null,
    };
  }

  #store(): StateStore {
    return {
      load: () => this.#io.call('load state', [1, 5], () => (this.#defects.forgetsState ? null : this.#kept)),
      save: (text) =>
        this.#io.call('save state', [1, 5], () => {
          this.#kept = text;
        }),
    };
  }

  #log() {
    const say =
      (level: string) =>
      (message: string, fields: object = {}) =>
        this.#io.scheduler.note(`${level} ${message} ${JSON.stringify(fields)}`);
    return { info: say('info'), warn: say('warn'), error: say('error') };
  }
}
