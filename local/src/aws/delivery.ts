/** How what happens to a connection reaches the functions. AWS promises neither order nor a `$disconnect`. */
export type Delivery = (
  | { readonly mode: 'natural' }
  /** Messages are held for a moment, and those that gather are invoked in a shuffled order. */
  | { readonly mode: 'reorder'; readonly seed: number; readonly windowMs?: number }
) & {
  readonly loseDisconnects?: boolean;
};

const defaultWindowMs = 5;

/** Delivers the messages of one connection. */
export class MessageQueue {
  readonly #delivery: Delivery;
  readonly #invoke: (body: string) => void;
  readonly #random: () => number;
  #held: string[] = [];

  constructor(delivery: Delivery, invoke: (body: string) => void) {
    this.#delivery = delivery;
    this.#invoke = invoke;
    this.#random = seededRandom(delivery.mode === 'reorder' ? delivery.seed : 0);
  }

  push(body: string): void {
    if (this.#delivery.mode === 'natural') {
      this.#invoke(body);
      return;
    }
    this.#held.push(body);
    if (this.#held.length === 1) setTimeout(() => this.#release(), this.#delivery.windowMs ?? defaultWindowMs);
  }

  #release(): void {
    const bodies = shuffle(this.#held, this.#random);
    this.#held = [];
    for (const body of bodies) this.#invoke(body);
  }
}

export function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
