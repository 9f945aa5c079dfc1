/** How attempts at one thing follow each other. */
export interface Pace {
  /** Milliseconds from the first to the second: doubled with each. */
  first: number;
  /** The most that there are between two. */
  longest: number;
  /** What part of that is left to chance, 0 to 1: many may be struck by one fault, and had better not come back at one moment. */
  chance: number;
}

/** Milliseconds to wait after that many attempts in a row. `random`: 0 to 1. */
export function delayAfter(attempts: number, { first, longest, chance }: Pace, random: number): number {
  return Math.min(first * 2 ** (attempts - 1), longest) * (1 - chance * (1 - random));
}

/** Milliseconds that a socket is used, spread by a tenth in either direction. */
export function spread(lifetime: number, random: number): number {
  return lifetime * (0.9 + random / 5);
}
