import { Code, Refusal } from '@hyperroom/protocol';
import type { Metrics } from '../metrics.ts';

/** Messages a second that a connection may send for long, and how many at once. */
export const RATE = { perSecond: 200, burst: 500 } as const;

/** Refuses what a connection sends beyond its rate. Each warm function counts by itself. */
export type RateLimit = (connectionId: string) => void;

const MAX_CONNECTIONS = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly filled: number;
}

export function rateLimit(clock: () => number, metrics: Metrics, { perSecond, burst } = RATE): RateLimit {
  const buckets = new Map<string, Bucket>();

  function put(connectionId: string, bucket: Bucket): void {
    buckets.delete(connectionId);
    buckets.set(connectionId, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_CONNECTIONS && oldest !== undefined) buckets.delete(oldest);
  }

  return (connectionId) => {
    const now = clock();
    const { tokens, filled } = buckets.get(connectionId) ?? { tokens: burst, filled: now };
    const there = Math.min(burst, tokens + (Math.max(0, now - filled) * perSecond) / 1_000);
    const admitted = there >= 1;
    put(connectionId, { tokens: admitted ? there - 1 : there, filled: now });
    if (admitted) return;
    metrics.record({ RateLimited: 1 });
    throw new Refusal(Code.tooFast, `a connection has ${perSecond} messages a second`);
  };
}
