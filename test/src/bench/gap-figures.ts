/** A numbered picture that came out of a decoder. */
export interface SeenFrame {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly number: number;
  /** Which of the tracks that its receiver has had so far it came by. */
  readonly track: number;
}

/** What somebody has sent so far. */
export interface Sent {
  /** Pictures that it has made. */
  readonly painted: number;
  /** Those that its present connection has sent. */
  readonly encoded: number;
  /** Which connection that is, of those it has published over. */
  readonly connection: number;
}

/** What one participant saw of another around a fault. */
export interface WatchedStream {
  readonly from: string;
  readonly to: string;
  /** All from the first look to the last, between which the sender rested: nothing was on its way then. */
  readonly frames: readonly SeenFrame[];
  readonly sent: { readonly before: Sent; readonly after: Sent };
}

export interface Gap {
  readonly from: string;
  readonly to: string;
  /** The longest time without a new picture before the fault, in milliseconds: what this machine does by itself. */
  readonly baseline: number;
  /** The longest since. */
  readonly gap: number;
  /** Pictures that were sent and never came. */
  readonly lost: number;
  /** Whether it goes on over other connections than before. */
  readonly isRenewed: boolean;
}

/** `end`: when it was looked at last. */
export function gapOf({ from, to, frames, sent }: WatchedStream, faultAt: number, end: number): Gap {
  const before = frames.filter(({ at }) => at <= faultAt);
  const since = frames.filter(({ at }) => at > faultAt);
  const last = before.slice(-1);
  return {
    from,
    to,
    baseline: longestPause(timesOf(before)),
    // What never came back is missing until the end.
    gap: longestPause(since.length > 0 ? timesOf([...last, ...since]) : [...timesOf(last), end]),
    lost: sentBetween(sent) - new Set(frames.map(({ number }) => number)).size,
    isRenewed: new Set(frames.map(({ track }) => track)).size > 1 || sent.before.connection !== sent.after.connection,
  };
}

/** A busy encoder leaves out some of what was painted, which is no loss; a connection that is gone cannot be asked what it sent. */
function sentBetween({ before, after }: WatchedStream['sent']): number {
  if (before.connection !== after.connection) return after.painted - before.painted;
  return after.encoded - before.encoded;
}

function timesOf(frames: readonly SeenFrame[]): number[] {
  return frames.map(({ at }) => at);
}

function longestPause(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** The worst of all streams in each respect. */
export function worstOf(gaps: readonly Gap[]): Omit<Gap, 'from' | 'to'> {
  const worst = (of: (gap: Gap) => number) => Math.max(0, ...gaps.map(of));
  return {
    baseline: worst(({ baseline }) => baseline),
    gap: worst(({ gap }) => gap),
    lost: worst(({ lost }) => lost),
    isRenewed: gaps.some(({ isRenewed }) => isRenewed),
  };
}
