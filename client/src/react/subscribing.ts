import { useCallback, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { Emitter } from '../emitter.ts';

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

/** Calls `look` every `interval` milliseconds, until the returned function is called. */
export function every(interval: number, look: () => void): () => void {
  const timer = setInterval(look, interval);
  return () => clearInterval(timer);
}

/** One value, which components follow. */
export class Store<T> extends Emitter<{ changed: [] }> {
  #value: T;

  constructor(value: T) {
    super();
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.emit('changed');
  }
}

const CHANGED = ['changed'] as const;

/** The value of a store. */
export function useStore<T>(store: Store<T>): T {
  return useView(store, CHANGED, () => store.value);
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
