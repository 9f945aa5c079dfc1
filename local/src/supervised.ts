import type { ChildProcess } from 'node:child_process';
import type { Child } from './child.ts';

/** Who lives shorter than this will hardly do better when started again at once. */
const SHORT_LIFE = 10_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

export interface Program {
  readonly name: string;
  /** Starts it; with what its first process said when it was ready, to be found again where that one was. */
  readonly launch: (first?: unknown) => Promise<Child>;
  readonly log: (line: string) => void;
}

/** Milliseconds until a program is started again that has died `deaths` times one short life after another. */
export function pauseAfter(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(FIRST_PAUSE * 2 ** (deaths - 2), LONGEST_PAUSE);
}

/** A program that is started again whenever its process ends, until it is closed. */
export class Supervised {
  /** What its first process said when it was ready. */
  readonly ready: unknown;
  readonly #program: Program;
  #child: Child;
  #isWanted = true;
  #startedAt = performance.now();
  #deaths = 0;
  #restarts = 0;
  #pause: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;

  private constructor(program: Program, child: Child) {
    this.#program = program;
    this.#child = child;
    this.ready = child.ready;
    this.#watch(child);
  }

  static async start(program: Program): Promise<Supervised> {
    return new Supervised(program, await program.launch());
  }

  /** The one that runs, or ran last. */
  get process(): ChildProcess {
    return this.#child.process;
  }

  /** How often it was ready again after it had ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Ends it without a warning, as a crash would. Resolves when it has ended: it is about to be started again. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    child.process.kill(signal);
    await child.ended;
  }

  /** The same, and it stays ended until `start`. */
  async hold(): Promise<void> {
    await this.#unwanted();
    await this.kill();
  }

  /** Starts again what `hold` ended; resolves when it is ready. */
  async start(): Promise<void> {
    this.#isWanted = true;
    const started = this.#startAgain();
    this.#starting = started.catch(() => {});
    await started;
  }

  async close(): Promise<void> {
    await this.#unwanted();
    await this.#child.close();
  }

  async #unwanted(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#pause);
    await this.#starting;
  }

  #watch(child: Child): void {
    void child.ended.then((how) => {
      if (!this.#isWanted) return;
      this.#restartLater(how);
    });
  }

  #restartLater(how: string): void {
    const lived = performance.now() - this.#startedAt;
    this.#deaths = lived < SHORT_LIFE ? this.#deaths + 1 : 1;
    const pause = pauseAfter(this.#deaths);
    this.#program.log(`${this.#program.name}: ended (${how}), starts again in ${pause} ms`);
    this.#pause = setTimeout(() => {
      this.#starting = this.#startAgain().catch((error: unknown) => {
        if (this.#isWanted) this.#restartLater(error instanceof Error ? error.message : String(error));
      });
    }, pause);
  }

  async #startAgain(): Promise<void> {
    this.#startedAt = performance.now();
    this.#child = await this.#program.launch(this.ready);
    this.#restarts += 1;
    this.#watch(this.#child);
  }
}
