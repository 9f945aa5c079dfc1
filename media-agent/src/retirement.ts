import { type Log, reasonOf } from './log.ts';
import type { Terminations } from './terminations.ts';

export interface RetirementOptions {
  /** Resolves when the node's calls are elsewhere and it has said farewell. */
  retire: () => Promise<void>;
  /** Null: nobody but an operator ends this host. */
  terminations: Terminations | null;
  log: Log;
  /** Milliseconds between two times that the host is told to wait on. */
  postponeMs?: number;
}

/** Well before a lifecycle hook gives up. */
const POSTPONE_INTERVAL = 60_000;

/** A node takes its leave: because an operator wants it, or because its host is to go, which then waits for it. */
export class Retirement {
  /** Resolves when the node is retired, and the host, if that is to go, may. */
  readonly over: Promise<void>;
  readonly #options: RetirementOptions;
  readonly #watching = new AbortController();
  #end: () => void = () => {};
  #hasBegun = false;
  #postponing: NodeJS.Timeout | undefined;

  constructor(options: RetirementOptions) {
    this.#options = options;
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
    if (options.terminations) this.#watch(options.terminations).catch((error) => this.#failed('not watching', error));
  }

  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#run().then(this.#end, (error) => this.#failed('not drained', error));
  }

  /** The node ends otherwise. */
  cancel(): void {
    this.#watching.abort();
    clearInterval(this.#postponing);
  }

  async #watch(terminations: Terminations): Promise<void> {
    const { log, postponeMs = POSTPONE_INTERVAL } = this.#options;
    await terminations.announced(this.#watching.signal);
    log.info('the host is to go');
    this.#postponing = setInterval(() => this.#tell('postpone'), postponeMs);
    this.begin();
  }

  async #run(): Promise<void> {
    await this.#options.retire();
    clearInterval(this.#postponing);
    if (this.#postponing) await this.#tell('complete');
  }

  /** A host whose hook does not hear of it goes all the same, when the hook's time is up. */
  async #tell(what: 'postpone' | 'complete'): Promise<void> {
    const failed = (error: unknown) => this.#failed(`the lifecycle hook was not told to ${what}`, error);
    await this.#options.terminations?.[what]().catch(failed);
  }

  #failed(what: string, error: unknown): void {
    if (!this.#watching.signal.aborted) this.#options.log.error(what, { reason: reasonOf(error) });
  }
}
