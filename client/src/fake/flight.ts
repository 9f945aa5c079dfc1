/** The real one, whatever a test puts in its place later. */
const nextTurn = globalThis.setTimeout;

/** What is on its way between clients and the server: it arrives in order, as soon as the code that sent it is done. */
export class Flight {
  #count = 0;

  send(arrive: () => void): void {
    this.#count += 1;
    queueMicrotask(() => {
      this.#count -= 1;
      arrive();
    });
  }

  /** Resolves when nothing is on its way any more, and whoever got something has had the time to answer. */
  async landed(): Promise<void> {
    do {
      await new Promise((resolve) => nextTurn(resolve, 0));
      await new Promise((resolve) => nextTurn(resolve, 0));
    } while (this.#count > 0);
  }
}
