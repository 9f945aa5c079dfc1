/** Something that runs code, and may be killed: then nothing of what it has begun goes on. */
export class Process {
  readonly name: string;
  /** By how many milliseconds its clock is wrong. */
  skew = 0;
  /** What its code listens for on its global object, if it is a page. */
  readonly page = new EventTarget();
  #alive = true;
  readonly #onKilled: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** What the operating system does when it ends. */
  whenKilled(then: () => void): void {
    this.#onKilled.push(then);
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const then of this.#onKilled.splice(0)) then();
  }
}
