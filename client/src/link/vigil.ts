/** Milliseconds between keep-alives; they also keep API Gateway from closing an idle socket (10 minutes). */
export const KEEP_ALIVE = 2 * 60_000;
/** Milliseconds between two looks at the clock, and how much later than that they come when the machine has slept. */
const TICK = 5_000;
const SLEPT = 10_000;

/** Where the browser tells of changes of the network: Firefox and Safari do not. */
type Network = EventTarget | undefined;

/** Says when a socket may have died unnoticed: the network or the page was away, the machine has slept, or much time has passed. */
export class Vigil {
  readonly #onDoubt: () => void;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #lastTick = 0;
  #lastDoubt = 0;

  constructor(onDoubt: () => void) {
    this.#onDoubt = onDoubt;
  }

  begin(): void {
    if (this.#ticking !== undefined) return;
    this.#lastTick = this.#lastDoubt = Date.now();
    this.#ticking = setInterval(() => this.#tick(), TICK);
    for (const name of ['online', 'offline']) globalThis.addEventListener?.(name, this.#doubt);
    globalThis.document?.addEventListener('visibilitychange', this.#shown);
    network()?.addEventListener('change', this.#doubt);
  }

  end(): void {
    clearInterval(this.#ticking);
    for (const name of ['online', 'offline']) globalThis.removeEventListener?.(name, this.#doubt);
    globalThis.document?.removeEventListener('visibilitychange', this.#shown);
    network()?.removeEventListener('change', this.#doubt);
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

function network(): Network {
  const { navigator } = globalThis;
  return navigator && 'connection' in navigator && navigator.connection instanceof EventTarget
    ? navigator.connection
    : undefined;
}
