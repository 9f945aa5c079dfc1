import type { NodeCounts } from '@hyperroom/protocol';

/** Heartbeats, of which one tells what has been counted: every 10 seconds, about. */
const BEATS = 7;
/** Of joins in that time; a node that takes more is measured by the first of them. */
const MAX_JOIN_TIMES = 100;

const PLAIN = ['postFailures', 'postsGone', 'reconnects', 'transcodings'] as const;

/** What has happened here since it was last told of. */
export class Counts {
  #counts = nothing();
  #beats = 0;

  add(what: (typeof PLAIN)[number]): void {
    this.#counts[what] += 1;
  }

  joinRefused(code: number | string, times = 1): void {
    const { joinRefusals } = this.#counts;
    joinRefusals[code] = (joinRefusals[code] ?? 0) + times;
  }

  joinTook(ms: number): void {
    const { joinTimes } = this.#counts;
    if (joinTimes.length < MAX_JOIN_TIMES) joinTimes.push(ms);
  }

  /** What the next heartbeat tells, if it does. It is not counted any more, unless it is given back. */
  take(): NodeCounts | undefined {
    const due = this.#beats % BEATS === 0;
    this.#beats += 1;
    if (!due) return undefined;
    const counts = this.#counts;
    this.#counts = nothing();
    return counts;
  }

  /** It has not been heard: the next heartbeat tells it. */
  giveBack(counts: NodeCounts): void {
    this.#beats = 0;
    for (const what of PLAIN) this.#counts[what] += counts[what];
    for (const ms of counts.joinTimes) this.joinTook(ms);
    for (const [code, times] of Object.entries(counts.joinRefusals)) this.joinRefused(code, times);
  }
}

function nothing(): NodeCounts {
  return { postFailures: 0, postsGone: 0, reconnects: 0, transcodings: 0, joinRefusals: {}, joinTimes: [] };
}
