import { Process } from './process.ts';
import { Queue, type Timed } from './queue.ts';
import { Random } from './random.ts';
import { Trace } from './trace.ts';

/** Something to come, unless it is called off. */
export interface Task {
  cancel(): void;
}

interface Event extends Timed {
  readonly what: string;
  readonly owner: Process;
  run: (() => void) | undefined;
}

const realSetImmediate = setImmediate;

/**
 * The one source of order: everything that happens is an event of it, at a time that the seed decides. All that the code
 * under test does by itself is microtasks, which an event drains before the next one begins: hence whatever runs during
 * an event belongs to that event's process.
 */
export class Scheduler {
  readonly random: Random;
  readonly trace: Trace;
  /** What belongs to nobody: networks, services, the scenario. */
  readonly world = new Process('world');
  #now = 0;
  #order = 0;
  #current: Process = this.world;
  readonly #queue = new Queue<Event>();

  constructor(seed: number) {
    this.random = new Random(seed);
    this.trace = new Trace();
  }

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Whose code is running. */
  get current(): Process {
    return this.#current;
  }

  /** In that many milliseconds, if its owner lives until then. */
  after(ms: number, what: string, run: () => void, owner: Process = this.#current): Task {
    const event: Event = { at: this.#now + Math.max(0, ms), order: this.#order++, what, owner, run };
    this.#queue.push(event);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
  }

  /** Notes something that happens now. */
  note(what: string): void {
    this.trace.add(this.#now, this.#current.name, what);
  }

  /** Runs code of a process, as part of the present event. */
  as<T>(owner: Process, run: () => T): T {
    const before = this.#current;
    this.#current = owner;
    try {
      return run();
    } finally {
      this.#current = before;
    }
  }

  /** Lets the next event happen, and all that follows from it at once; false if none is to come before `until`. */
  async step(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (;;) {
      const next = this.#queue.first;
      if (!next || next.at > until) return false;
      this.#queue.shift();
      if (!next.run || !next.owner.alive) continue;
      await this.#happen(next);
      return true;
    }
  }

  /** Nothing happens until then. */
  passUntil(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  /** What is to come of a process. */
  pending(owner: Process): string[] {
    return this.#queue.filter((event) => event.run !== undefined && event.owner === owner).map(({ what }) => what);
  }

  async #happen({ at, what, owner, run }: Event): Promise<void> {
    this.#now = at;
    this.#current = owner;
    this.trace.add(at, owner.name, what);
    run?.();
    await new Promise((resolve) => realSetImmediate(resolve));
    this.#current = this.world;
  }
}
