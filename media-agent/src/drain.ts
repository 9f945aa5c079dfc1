import { delay } from './timers.ts';

/** How a node comes to be without calls. Milliseconds. */
export interface DrainTimings {
  /** How long its rooms are given to end by themselves, before they are moved. */
  finishMs: number;
  /** After this long it ends with whatever is left. */
  limitMs: number;
  /** Between two looks. */
  intervalMs: number;
  /**
   * How long it must have been without a room: some function may still take it for one that stays, and have given it
   * one that it has not heard of.
   */
  quietMs: number;
}

export const DRAIN_PACE = { intervalMs: 2_000, quietMs: 8_000 };

export interface Draining {
  rooms: () => number;
  /** Asks for the rooms to be moved. */
  evacuate: () => Promise<unknown>;
}

/** Resolves when no call is left, or time is up. Rejects when aborted. */
export async function drained(
  { rooms, evacuate }: Draining,
  { finishMs, limitMs, intervalMs, quietMs }: DrainTimings,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  let busy = began;
  for (;;) {
    const now = performance.now();
    if (rooms() > 0) busy = now;
    if (now - busy >= quietMs || now - began >= limitMs) return;
    if (rooms() > 0 && now - began >= finishMs) await evacuate();
    await delay(intervalMs, signal);
  }
}
