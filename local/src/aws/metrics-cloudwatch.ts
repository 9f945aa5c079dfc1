import type { Clock } from './clock.ts';
import { type AlarmDefinition, type AlarmState, stateOf } from './metrics-alarms.ts';
import { embeddedIn, type Samples } from './metrics-embedded.ts';

/** What is known of one metric with one set of dimensions. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Of all samples there were. */
  readonly count: number;
  readonly sum: number;
  readonly last: number;
  /** Of the last minute. */
  readonly recent: readonly number[];
}

export interface AlarmReport extends AlarmDefinition {
  readonly state: AlarmState;
}

interface Sample {
  readonly at: number;
  readonly value: number;
}

interface Kept {
  readonly first: Samples;
  readonly samples: Sample[];
  count: number;
  sum: number;
  last: number;
}

const KEPT_MS = 60 * 60_000;
const KEPT_SAMPLES = 20_000;
const RECENT_MS = 60_000;

/** Counts what the functions print in the embedded metric format, and looks at alarms when it is asked. */
export class CloudWatch {
  readonly #alarms: readonly AlarmDefinition[];
  readonly #clock: Clock;
  readonly #series = new Map<string, Kept>();

  constructor(alarms: readonly AlarmDefinition[], clock: Clock) {
    this.#alarms = alarms;
    this.#clock = clock;
  }

  takeLine(line: string): void {
    for (const samples of embeddedIn(line)) this.record(samples);
  }

  record(samples: Samples): void {
    const key = keyOf(samples);
    const kept = this.#series.get(key) ?? { first: samples, samples: [], count: 0, sum: 0, last: 0 };
    this.#series.set(key, kept);
    for (const value of samples.values) {
      kept.samples.push({ at: samples.at, value });
      kept.count += 1;
      kept.sum += value;
      kept.last = value;
    }
    const oldest = this.#clock.now() - KEPT_MS;
    while (kept.samples.length > KEPT_SAMPLES || (kept.samples[0]?.at ?? oldest) < oldest) kept.samples.shift();
  }

  /** Lambda's own. */
  invoked(functionName: string, failed: boolean): void {
    const metric = { namespace: 'AWS/Lambda', dimensions: { FunctionName: functionName }, at: this.#clock.now() };
    this.record({ ...metric, name: 'Errors', values: [failed ? 1 : 0] });
  }

  get series(): Series[] {
    const now = this.#clock.now();
    return [...this.#series.values()].map(({ first: { namespace, name, dimensions }, count, sum, last, samples }) => ({
      namespace,
      name,
      dimensions,
      count,
      sum,
      last,
      recent: between(samples, now - RECENT_MS, now),
    }));
  }

  get alarms(): AlarmReport[] {
    const now = this.#clock.now();
    return this.#alarms.map((alarm) => {
      const samples = this.#series.get(keyOf({ ...alarm, name: alarm.metric }))?.samples ?? [];
      return { ...alarm, state: stateOf(alarm, (from, to) => between(samples, from, to), now) };
    });
  }
}

function between(samples: readonly Sample[], from: number, to: number): number[] {
  return samples.filter(({ at }) => at > from && at <= to).map(({ value }) => value);
}

function keyOf({ namespace, name, dimensions }: Pick<Samples, 'namespace' | 'name' | 'dimensions'>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
