import type { Room } from '../../index.ts';

/** Counts who listens to a room from now on. */
export function listeners(room: Room): { readonly count: number } {
  const on = room.on.bind(room);
  const counted = { count: 0 };
  room.on = (...args) => {
    const stop = on(...args);
    let isOn = true;
    counted.count += 1;
    return () => {
      if (isOn) counted.count -= 1;
      isOn = false;
      stop();
    };
  };
  return counted;
}
