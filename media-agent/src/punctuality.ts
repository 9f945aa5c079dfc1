/** Heartbeats in a row that have to be in time, and answered in time. */
const ENOUGH = 2;

/**
 * Whether this node may speak of others' lateness: only while it cannot be itself that is late, for want of the network,
 * of the API's attention or of processor time.
 */
export class Punctuality {
  readonly #intervalMs: number;
  #last: number | null = null;
  #inTime = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get isWitness(): boolean {
    return this.#inTime >= ENOUGH;
  }

  reset(): void {
    this.#last = null;
    this.#inTime = 0;
  }

  /** To be called with each heartbeat; what it gives, with its answer. */
  beat(): () => void {
    const now = Date.now();
    if (this.#last !== null && now - this.#last > 2 * this.#intervalMs) this.#inTime = 0;
    this.#last = now;
    let answered = false;
    setTimeout(() => {
      if (!answered) this.#inTime = 0;
    }, this.#intervalMs);
    return () => {
      if (Date.now() - now <= this.#intervalMs) this.#inTime += 1;
      answered = true;
    };
  }
}
