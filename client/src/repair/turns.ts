/** Actions of which one waits for the other, for the server may take the messages of one participant in any order. */
export class Turns {
  readonly #onFree: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  /** @param onFree hears that nothing is going on any more. */
  constructor(onFree = () => {}) {
    this.#onFree = onFree;
  }

  get isFree(): boolean {
    return this.#count === 0;
  }

  run<T>(action: () => Promise<T>): Promise<T> {
    this.#count += 1;
    const done = this.#last.then(action);
    this.#last = done.catch(() => {}).then(() => this.#ended());
    return done;
  }

  #ended(): void {
    this.#count -= 1;
    if (this.isFree) this.#onFree();
  }
}
