/** What has been given up and may still be at the media server. */
export class Departures {
  readonly #leaving = new Map<Promise<void>, number>();

  /** How many endpoints leave. */
  get endpoints(): number {
    return [...this.#leaving.values()].reduce((sum, endpoints) => sum + endpoints, 0);
  }

  add(endpoints: number, gone: Promise<void>): void {
    this.#leaving.set(gone, endpoints);
    gone.then(() => this.#leaving.delete(gone));
  }

  /** Once all is gone that leaves now. */
  async over(): Promise<void> {
    await Promise.all(this.#leaving.keys());
  }
}
