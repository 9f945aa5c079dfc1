import type { ObjectUpdate } from '@hyperroom/protocol';
import { advance, isBehind, type Observed, observeObject, observeUpdate, UNSEEN } from './data-object.ts';
import type { Versioned } from './types.ts';

/** The longest wait between two readings, in milliseconds. */
const MAX_PATIENCE = 30_000;

export interface ObserverOptions<T extends Versioned> {
  /** Whether a value that results from an update is still one of the object's schema. */
  isValid: (candidate: Versioned) => candidate is T;
  /** Reads the whole object from where it lives. */
  read: () => Promise<T>;
  /** Milliseconds that a missing update may take before the whole object is read again; doubled after each reading that does not help. */
  patience: number;
  /** Hears of each version that an update leads to, in order. */
  onChange?: (before: T, update: ObjectUpdate, after: T) => void;
  /** Hears that a reading has skipped versions. */
  onRepaired?: (from: number, to: number) => void;
  /** Hears of a reading that failed. */
  onUnreadable?: (error: unknown) => void;
  /** Hears of a newer object: once for all the versions that came at the same time. */
  onUpdated: (object: T) => void;
}

/** Keeps a copy of a data object at its newest version: see `data-object.ts` for the rules. */
export class ObjectObserver<T extends Versioned> {
  readonly #options: ObserverOptions<T>;
  #state: Observed<T> = UNSEEN;
  /** What was known of an earlier life of the object, until this one is known. */
  #former: T | undefined;
  #patience: number;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ObserverOptions<T>) {
    this.#options = options;
    this.#patience = options.patience;
  }

  /** The newest version, once the object is known. */
  get object(): T | undefined {
    return this.#state.object ?? this.#former;
  }

  /** An update was pushed. */
  update(update: ObjectUpdate): void {
    this.#move(observeUpdate(this.#state, update));
  }

  /** The whole object came along with something else. */
  load(object: T): void {
    this.#move(observeObject(this.#state, object));
  }

  /** From now on all that comes is of another life of the object, whose versions start anew. */
  restart(): void {
    this.#former = this.object;
    this.#state = UNSEEN;
    this.#rest();
  }

  /** Reads the object now. */
  async refresh(): Promise<void> {
    try {
      this.load(await this.#options.read());
    } catch (error) {
      if (!this.#closed) this.#options.onUnreadable?.(error);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#waiting);
  }

  #move(next: Observed<T>): void {
    if (this.#closed) return;
    const before = this.#state.object;
    this.#state = next;
    if (before && next.object && next.object !== before) {
      this.#options.onRepaired?.(before.version, next.object.version);
    }
    this.#catchUp();
    if (this.#closed) return;
    const { object } = this.#state;
    if (object !== before) this.#rest();
    if (isBehind(this.#state)) this.#waiting ??= setTimeout(() => this.#repair(), this.#patience);
    if (object && object !== before) this.#options.onUpdated(object);
  }

  /** Applies each update whose turn has come. */
  #catchUp(): void {
    for (;;) {
      const before = this.#state.object;
      const next = advance(this.#state, this.#options.isValid);
      if (!before || !next?.state.object || this.#closed) return;
      this.#state = next.state;
      this.#options.onChange?.(before, next.update, next.state.object);
    }
  }

  /** Whatever is missing now, it has not been missing for long. */
  #rest(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#patience = this.#options.patience;
  }

  async #repair(): Promise<void> {
    this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    const attempt = this.#waiting;
    await this.refresh();
    // Whatever has brought the object forward in the meantime has seen to what is missing now.
    if (this.#waiting !== attempt) return;
    this.#waiting = undefined;
    this.#move(this.#state);
  }
}
