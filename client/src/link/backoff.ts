/** Milliseconds. */
const FIRST = 250;
const LONGEST = 5_000;

/**
 * Milliseconds to wait before an attempt, the first being number 0: that one is made at once. Further ones are spread over all of
 * a time that doubles, for a server that lost everybody at the same moment gets them back at different ones. `random`: 0 to 1.
 */
export function delayBefore(attempt: number, random: number): number {
  return attempt === 0 ? 0 : random * Math.min(FIRST * 2 ** (attempt - 1), LONGEST);
}

/** Milliseconds that a socket is used, spread by a tenth in either direction. */
export function spread(lifetime: number, random: number): number {
  return lifetime * (0.9 + random / 5);
}
