export interface Timed {
  readonly at: number;
  /** Breaks ties: who asked first comes first. */
  readonly order: number;
}

/** What is to come, soonest first (a binary heap). */
export class Queue<T extends Timed> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get first(): T | undefined {
    return this.#heap[0];
  }

  filter(wanted: (item: T) => boolean): T[] {
    return this.#heap.filter(wanted);
  }

  push(item: T): void {
    let at = this.#heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfSooner(at, parent)) return;
      at = parent;
    }
  }

  shift(): T | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    this.#sink();
    return first;
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const child = 2 * at + 1;
      const sooner = isSooner(this.#heap[child + 1], this.#heap[child]) ? child + 1 : child;
      if (!this.#swapIfSooner(sooner, at)) return;
      at = sooner;
    }
  }

  #swapIfSooner(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (!a || !b || !isSooner(a, b)) return false;
    this.#heap[one] = b;
    this.#heap[other] = a;
    return true;
  }
}

function isSooner(a: Timed | undefined, b: Timed | undefined): boolean {
  if (!a || !b) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
