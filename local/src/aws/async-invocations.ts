import type { Clock } from './clock.ts';
import type { FunctionDefinition } from './function-definitions.ts';
import type { Cause, Invoke } from './lambda.ts';
import { stopped } from './sandbox.ts';

export interface AsyncInvocationsOptions {
  readonly invoke: Invoke;
  readonly clock: Clock;
  /** Before the second attempt; it doubles from one to the next. */
  readonly retryMs: number;
  readonly log: (functionName: string, line: string) => void;
}

/** Lambda's asynchronous invocations: nobody waits for them, and an event on which the function fails comes again. */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;
  readonly #retries = new Set<() => void>();
  #closed = false;

  constructor(options: AsyncInvocationsOptions) {
    this.#options = options;
  }

  send(target: FunctionDefinition, event: unknown, cause: Cause): void {
    void this.#attempt(target, event, cause, 0);
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#retries) cancel();
  }

  async #attempt(target: FunctionDefinition, event: unknown, cause: Cause, retries: number): Promise<void> {
    const { invoke, clock, retryMs, log } = this.#options;
    const outcome = await invoke(target, event, cause);
    if (outcome.ok || outcome === stopped || this.#closed) return;
    if (retries === target.asyncRetries) {
      log(target.name, `${cause.routeKey} is given up after ${retries + 1} attempts`);
      return;
    }
    const cancel = clock.after(retryMs * 2 ** retries, () => {
      this.#retries.delete(cancel);
      void this.#attempt(target, event, cause, retries + 1);
    });
    this.#retries.add(cancel);
  }
}
