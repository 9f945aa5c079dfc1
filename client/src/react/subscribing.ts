import { useCallback, useLayoutEffect, useRef, useSyncExternalStore } from 'react';

/** What tells of events: a room, or local media. */
export interface Source<Name> {
  on(name: Name, listener: (...args: readonly unknown[]) => void): () => void;
}

/**
 * What `read` gives, which has to be the same object until it has something else to say. It is read again at these events; with
 * `about`, only at those that have it among their arguments. `names` has to be the same list each time.
 */
export function useView<Name, T>(source: Source<Name>, names: readonly Name[], read: () => T, about?: object): T {
  const subscribe = useCallback(
    (notify: () => void) => {
      const hear = (...args: readonly unknown[]) => {
        if (!about || args.includes(about)) notify();
      };
      const stops = names.map((name) => source.on(name, hear));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [source, names, about],
  );
  return useSyncExternalStore(subscribe, read, read);
}

/** What `read` gives, looked at every `interval` milliseconds. */
export function usePolled<T>(interval: number, read: () => T): T {
  const subscribe = useCallback(
    (notify: () => void) => {
      const timer = setInterval(notify, interval);
      return () => clearInterval(timer);
    },
    [interval],
  );
  return useSyncExternalStore(subscribe, read, read);
}

/** One value, which components follow. */
export class Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const notify of [...this.#listeners]) notify();
  }

  readonly subscribe = (notify: () => void): (() => void) => {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  };
}

/** The value of a store. */
export function useStore<T>(store: Store<T>): T {
  const read = () => store.value;
  return useSyncExternalStore(store.subscribe, read, read);
}

/** What was given at the newest render, for listeners that outlast it. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}

/**
 * Begins something with its first user, and ends it when the last one has gone. Who is back in the same moment, as in React's
 * StrictMode, has not gone.
 */
export function whileUsed(begin: () => () => void): () => () => void {
  let users = 0;
  let end: (() => void) | undefined;
  return () => {
    users += 1;
    end ??= begin();
    return () => {
      users -= 1;
      queueMicrotask(() => {
        if (users > 0) return;
        end?.();
        end = undefined;
      });
    };
  };
}
