import { type ConnectOptions, Hyperroom, type JoinOptions } from '../hyperroom.ts';
import type { Hyperty } from '../hyperty.ts';
import type { Room } from '../room.ts';

/** A client that can be ended with all that it has begun. */
export class EndingClient extends Hyperroom {
  readonly #ending = new AbortController();
  readonly #begun = new Set<AsyncDisposable>();

  override join(roomId: string, options: JoinOptions): Promise<Room> {
    return this.#begin(options.signal, (signal) => super.join(roomId, { ...options, signal }));
  }

  override connect(options: ConnectOptions = {}): Promise<Hyperty> {
    return this.#begin(options.signal, (signal) => super.connect({ ...options, signal }));
  }

  async end(): Promise<void> {
    this.#ending.abort(new Error('the fake server is closed'));
    await Promise.all([...this.#begun].map((begun) => begun[Symbol.asyncDispose]()));
  }

  async #begin<T extends AsyncDisposable>(given: AbortSignal | undefined, begin: (signal: AbortSignal) => Promise<T>) {
    const aborting = new AbortController();
    const signals = [this.#ending.signal, ...(given ? [given] : [])];
    const abort = () => aborting.abort(signals.find(({ aborted }) => aborted)?.reason);
    if (signals.some(({ aborted }) => aborted)) abort();
    for (const signal of signals) signal.addEventListener('abort', abort);
    try {
      const begun = await begin(aborting.signal);
      this.#begun.add(begun);
      return begun;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    }
  }
}
