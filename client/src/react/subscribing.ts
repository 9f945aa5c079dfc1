import { useCallback, useSyncExternalStore } from 'react';

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
      const stops = names.map((name) =>
        source.on(name, (...args) => {
          if (!about || args.includes(about)) notify();
        }),
      );
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
