import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly deadline: number;
  readonly every?: number;
}

/** Looks again and again until what it sees is good, or the deadline has passed; gives what it saw last. */
export async function until<Seen>(
  look: () => Promise<Seen>,
  isGood: (seen: Seen) => boolean,
  { deadline, every = 100 }: UntilOptions,
): Promise<{ readonly good: boolean; readonly seen: Seen }> {
  const end = performance.now() + deadline;
  for (;;) {
    const seen = await look();
    if (isGood(seen)) return { good: true, seen };
    if (performance.now() > end) return { good: false, seen };
    await delay(every);
  }
}
