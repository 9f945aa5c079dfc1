import type { ObjectUpdate } from '@hyperroom/protocol';
import { isBehind, type Observed, observeObject, observeUpdate, UNSEEN, type Versioned } from './data-object.ts';

/** Milliseconds that a missing update may take before the whole object is read again; doubled after each failed read. */
const PATIENCE = 500;
const MAX_PATIENCE = 30_000;

export interface ObserverOptions<T extends Versioned> {
  /** Whether a value that results from an update is still one of the object's schema. */
  isValid: (candidate: Versioned) => candidate is T;
  /** Reads the whole object from where it lives. */
  read: () => Promise<T>;
  /** Hears of each newer version. */
  onChange: (object: T) => void;
}

/** Keeps a copy of a data object at its newest version: see `data-object.ts` for the rules. */
export class ObjectObserver<T extends Versioned> {
  readonly #options: ObserverOptions<T>;
  #state: Observed<T> = UNSEEN;
  #patience = PATIENCE;
  #reading: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ObserverOptions<T>) {
    this.#options = options;
  }

  /** The newest version, once the object is known. */
  get object(): T | undefined {
    return this.#state.object;
  }

  /** An update was pushed. */
  update(update: ObjectUpdate): void {
    this.#move(observeUpdate(this.#state, update, this.#options.isValid));
  }

  /** The whole object came along with something else. */
  load(object: T): void {
    this.#move(observeObject(this.#state, object, this.#options.isValid));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#reading);
  }

  #move(next: Observed<T>): void {
    if (this.#closed) return;
    const before = this.#state.object;
    this.#state = next;
    if (!isBehind(next)) {
      clearTimeout(this.#reading);
      this.#reading = undefined;
      this.#patience = PATIENCE;
    } else {
      this.#reading ??= setTimeout(() => this.#read(), this.#patience);
    }
    if (next.object && next.object !== before) this.#options.onChange(next.object);
  }

  async #read(): Promise<void> {
    // Late or useless readings double the wait for the next; whatever catches up resets it.
    this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    const object = await this.#options.read().catch(() => undefined);
    this.#reading = undefined;
    this.#move(object ? observeObject(this.#state, object, this.#options.isValid) : this.#state);
  }
}
