/** How what happens to a connection reaches the functions. AWS promises neither order nor a `$disconnect`. */
export type Delivery = (
  | { readonly mode: 'natural' }
  /** Each message waits that long. */
  | { readonly mode: 'delay'; readonly ms: number }
  /** Messages are held for a moment, and those that gather are invoked in a shuffled order. */
  | { readonly mode: 'reorder'; readonly seed: number; readonly windowMs?: number }
) & {
  readonly loseDisconnects?: boolean;
};

type Reordering = Extract<Delivery, { mode: 'reorder' }>;

const defaultWindowMs = 5;

/** Delivers the messages of one connection, each as deliveries are when it comes. */
export class MessageQueue {
  readonly #deliveryNow: () => Delivery;
  readonly #invoke: (body: string) => void;
  #random: (() => number) | undefined;
  #held: string[] = [];

  constructor(deliveryNow: () => Delivery, invoke: (body: string) => void) {
    this.#deliveryNow = deliveryNow;
    this.#invoke = invoke;
  }

  push(body: string): void {
    const delivery = this.#deliveryNow();
    if (delivery.mode === 'natural') this.#invoke(body);
    else if (delivery.mode === 'delay') setTimeout(() => this.#invoke(body), delivery.ms);
    else this.#hold(body, delivery);
  }

  #hold(body: string, { seed, windowMs = defaultWindowMs }: Reordering): void {
    this.#random ??= seededRandom(seed);
    const random = this.#random;
    this.#held.push(body);
    if (this.#held.length === 1) setTimeout(() => this.#release(random), windowMs);
  }

  #release(random: () => number): void {
    const bodies = shuffle(this.#held, random);
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
