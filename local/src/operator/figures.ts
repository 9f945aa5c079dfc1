import type { Metrics } from '../aws/index.ts';
import { type Reading, readingOf } from './reading.ts';

export interface FiguresOptions {
  readonly metrics: () => Promise<Metrics>;
  /** Milliseconds between two readings. Default: two seconds. */
  readonly interval?: number;
}

const INTERVAL = 2_000;
/** Ten minutes. */
const KEPT = 300;

/** Reads the metrics every now and then. */
export class Figures {
  readonly metrics: () => Promise<Metrics>;
  readonly #readings: Reading[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(metrics: FiguresOptions['metrics']) {
    this.metrics = metrics;
  }

  static async open({ metrics, interval = INTERVAL }: FiguresOptions): Promise<Figures> {
    const figures = new Figures(metrics);
    await figures.#read();
    // A reading that fails while the stack ends is missed by nobody.
    figures.#timer = setInterval(() => void figures.#read().catch(() => {}), interval);
    return figures;
  }

  /** The last ten minutes, oldest first. */
  get readings(): readonly Reading[] {
    return this.#readings;
  }

  async alarms() {
    const { alarms } = await this.metrics();
    return alarms.map(({ name, state, description }) => ({ name, state, description }));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    this.#readings.push(readingOf(await this.metrics(), Date.now()));
    if (this.#readings.length > KEPT) this.#readings.shift();
  }
}
