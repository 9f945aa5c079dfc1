/** What a media server holds. A link carries one kind of media from a publication to a receiver. */
export interface Holdings {
  readonly pipelines: number;
  readonly endpoints: number;
  readonly audioLinks: number;
  readonly videoLinks: number;
}

const NOTHING: Holdings = { pipelines: 0, endpoints: 0, audioLinks: 0, videoLinks: 0 };

/** Keeps count of what a media server holds, the most that it ever held, and what it was asked. */
export class Ledger {
  readonly #calls = new Map<string, number>();
  #holdings = NOTHING;
  #peak = NOTHING;

  get holdings(): Holdings {
    return this.#holdings;
  }

  /** The most of each since the last call of this. */
  takePeak(): Holdings {
    const peak = this.#peak;
    this.#peak = this.#holdings;
    return peak;
  }

  /** Calls by method, or, where the method is `invoke`, by operation. */
  get calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  add(what: keyof Holdings, change: 1 | -1): void {
    const now = this.#holdings[what] + change;
    if (now < 0) throw new Error(`fewer ${what} than none`);
    this.#holdings = { ...this.#holdings, [what]: now };
    if (now > this.#peak[what]) this.#peak = { ...this.#peak, [what]: now };
  }

  called(method: string): void {
    this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
  }
}
