import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Room, RoomEvents } from '../../src/index.ts';
import { useCall } from './context.ts';

/** What `read` finds in the room, read anew after each of these events; the same array for as long as its items are. Both are constants. */
export function useFound<Item>(
  events: readonly (keyof RoomEvents)[],
  read: (room: Room) => readonly Item[],
): readonly Item[] {
  const { room } = useCall();
  const found = useRef<readonly Item[]>([]);
  const subscribe = useCallback(
    (changed: () => void) => {
      const stops = events.map((event) => room.on(event, changed));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [room, events],
  );
  return useSyncExternalStore(subscribe, () => {
    const now = read(room);
    if (!isSame(now, found.current)) found.current = now;
    return found.current;
  });
}

function isSame<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
