import { type Log, reasonOf } from '../log.ts';
import type { StateStore } from './state-file.ts';

/** Keeps what changes often: one write at a time, and always the newest. */
export class Keeper {
  readonly #store: StateStore;
  readonly #text: () => string | null;
  readonly #log: Log;
  #changed = false;
  #writing: Promise<void> | null = null;

  constructor(store: StateStore, text: () => string | null, log: Log) {
    this.#store = store;
    this.#text = text;
    this.#log = log;
  }

  changed(): void {
    this.#changed = true;
    this.#writing ??= this.#write();
  }

  /** Resolves when all that has changed is kept, or could not be. */
  async kept(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    // What changes in one go is written in one.
    await null;
    while (this.#changed) {
      this.#changed = false;
      try {
        const text = this.#text();
        if (text !== null) await this.#store.save(text);
      } catch (error) {
        // The next change tries again.
        this.#log.error('state not kept: a new process could not go on with these calls', { reason: reasonOf(error) });
      }
    }
    this.#writing = null;
  }
}
