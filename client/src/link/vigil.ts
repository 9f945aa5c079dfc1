import { watchNetwork } from '../repair/network.ts';

/** Milliseconds between keep-alives; they also keep API Gateway from closing an idle socket (10 minutes). */
export const KEEP_ALIVE = 2 * 60_000;
/** Milliseconds between two looks at the clock, and how much later than that they come when the machine has slept. */
const TICK = 5_000;
const SLEPT = 10_000;

/** Says when a socket may have died unnoticed: the network or the page was away, the machine has slept, or much time has passed. */
export class Vigil {
  readonly #onDoubt: () => void;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #unwatch: (() => void) | undefined;
  #lastTick = 0;
  #lastDoubt = 0;

  constructor(onDoubt: () => void) {
    this.#onDoubt = onDoubt;
  }

  begin(): void {
    if (this.#ticking !== undefined) return;
    this.#lastTick = this.#lastDoubt = Date.now();
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#unwatch = watchNetwork(this.#doubt);
    globalThis.addEventListener?.('offline', this.#doubt);
    globalThis.document?.addEventListener('visibilitychange', this.#shown);
  }

  end(): void {
    clearInterval(this.#ticking);
    this.#unwatch?.();
    globalThis.removeEventListener?.('offline', this.#doubt);
    globalThis.document?.removeEventListener('visibilitychange', this.#shown);
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#lastTick > TICK + SLEPT || now - this.#lastDoubt >= KEEP_ALIVE) this.#doubt();
    this.#lastTick = now;
  }

  readonly #doubt = () => {
    this.#lastDoubt = Date.now();
    this.#onDoubt();
  };

  readonly #shown = () => {
    if (document.visibilityState === 'visible') this.#doubt();
  };
}
