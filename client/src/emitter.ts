/** Events typed as a map from their name to the arguments of their listeners. */
export type EventMap<Events> = { [Name in keyof Events]: unknown[] };

export class Emitter<Events extends EventMap<Events>> {
  readonly #listeners: { [Name in keyof Events]?: Set<(...args: Events[Name]) => void> } = {};

  /** Listens until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): () => void {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Whether anybody listens. */
  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): boolean {
    const listeners = [...(this.#listeners[name] ?? [])];
    for (const listener of listeners) {
      try {
        listener(...args);
      } catch (error) {
        // The application's fault is reported as uncaught, and neither other listeners nor the call suffer from it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return listeners.length > 0;
  }
}
