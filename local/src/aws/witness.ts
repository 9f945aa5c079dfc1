import { performance } from 'node:perf_hooks';
import type { Request, Response } from './dynalite.ts';
import type { MeteredInvocation } from './metrics.ts';

/** A message from a client, as it came. */
export interface FrameUp {
  readonly kind: 'up';
  readonly at: number;
  readonly connectionId: string;
  readonly body: string;
}

/** A message to a client: a post, or the gateway's own error frame. */
export interface FrameDown {
  readonly kind: 'down';
  readonly at: number;
  readonly ms: number;
  readonly connectionId: string;
  readonly body: Buffer;
  /** What the sender of the post was answered. */
  readonly status: number;
  /** Absent where no function posted it. */
  readonly invocation: MeteredInvocation | undefined;
}

export interface Invoked {
  readonly kind: 'invocation';
  readonly at: number;
  readonly ms: number;
  readonly invocation: MeteredInvocation;
  readonly function: string;
  /** Absent where no client's connection is behind it. */
  readonly connectionId: string | undefined;
  /** The route of an API, or the detail type of an event. */
  readonly routeKey: string;
  readonly cold: boolean;
  readonly event: unknown;
  /** Absent if the function returned. */
  readonly error: string | undefined;
}

export interface TableRequest {
  readonly kind: 'table';
  readonly at: number;
  readonly ms: number;
  readonly operation: string;
  readonly input: Request;
  /** Absent if it failed. */
  readonly output: Response | undefined;
  /** Absent if it did not. */
  readonly error: string | undefined;
  readonly invocation: MeteredInvocation | undefined;
}

/** What passes through the emulator. Times are milliseconds since the epoch, with fractions; `ms` is how long it took. */
export type Passed = FrameUp | FrameDown | Invoked | TableRequest;

/** Is told of everything that passes, when it has. Nothing is copied for it: it must change nothing. */
export type Witness<Seen = Passed> = (passed: Seen) => void;

/** Finer than `Date.now`: a join has many hops in a millisecond. */
export function moment(): number {
  return performance.timeOrigin + performance.now();
}
