import type { Stack } from '../stack.ts';
import { Faults } from './faults.ts';
import { Figures } from './figures.ts';
import { KurentoObjects } from './kurento-objects.ts';
import { type Overview, overviewOf } from './overview.ts';
import { type Link, pulsesOf } from './pulses.ts';
import type { Recorder, RequestSummary } from './recorder.ts';

/** What has happened since the last time, for who watches. */
export interface News {
  readonly pulses: Partial<Record<Link, number>>;
  /** Absent: as it was. */
  readonly requests?: readonly RequestSummary[];
}

/** All that the operator's page shows and does. */
export class Operator {
  readonly recorder: Recorder;
  readonly figures: Figures;
  readonly faults: Faults;
  readonly #stack: Stack;
  readonly #kurentos: ReadonlyMap<string, KurentoObjects>;
  #agents: ReadonlySet<string> = new Set();

  private constructor(stack: Stack, recorder: Recorder, figures: Figures) {
    this.#stack = stack;
    this.recorder = recorder;
    this.figures = figures;
    this.faults = new Faults(stack);
    this.#kurentos = new Map(stack.nodes.map(({ id, kurento }) => [id, new KurentoObjects(kurento)]));
  }

  static async open(stack: Stack, recorder: Recorder): Promise<Operator> {
    return new Operator(stack, recorder, await Figures.open({ metrics: () => stack.emulator.metrics() }));
  }

  async overview(): Promise<Overview> {
    const { emulator, nodes } = this.#stack;
    const states = nodes.map(async ({ id, agent, engine }) => ({
      id,
      agentRestarts: agent.restarts,
      engineRestarts: engine?.restarts,
      pipelines: await this.#kurentos.get(id)?.pipelines(),
    }));
    const [items, ...known] = await Promise.all([emulator.items(), ...states]);
    const overview = overviewOf(items, known, Date.now());
    this.#agents = new Set(overview.nodes.map(({ connectionId }) => connectionId));
    return overview;
  }

  /** The call page. */
  get demo(): string {
    return this.#stack.demo;
  }

  async inject(id: string, target: string): Promise<string> {
    return this.faults.inject(id, target, await this.overview());
  }

  /** Each call gives what is new since the one before. */
  follow(): () => News {
    let seen = this.recorder.now;
    let shown = '';
    return () => {
      const pulses = pulsesOf(this.recorder.since(seen), this.#agents);
      seen = this.recorder.now;
      const requests = this.recorder.requests();
      const text = JSON.stringify(requests);
      if (text === shown) return { pulses };
      shown = text;
      return { pulses, requests };
    };
  }

  close(): void {
    this.figures.close();
    for (const kurento of this.#kurentos.values()) kurento.close();
  }
}
