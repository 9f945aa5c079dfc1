import type { NodeCounts } from '@hyperroom/protocol';

/** Heartbeats, of which one tells what has been counted: every 10 seconds, about. */
const BEATS = 7;
/** Of joins in that time; a node that takes more is measured by the first of them. */
const MAX_JOIN_TIMES = 100;

/** What has happened here since it was last told of. */
export class Counts {
  #counts = nothing();
  #beats = 0;

  add(what: 'postFailures' | 'postsGone' | 'reconnects' | 'transcodings'): void {
    this.#counts[what] += 1;
  }

  joinRefused(code: number): void {
    const { joinRefusals } = this.#counts;
    joinRefusals[code] = (joinRefusals[code] ?? 0) + 1;
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
    for (const what of ['postFailures', 'postsGone', 'reconnects', 'transcodings'] as const) {
      this.#counts[what] += counts[what];
    }
    for (const ms of counts.joinTimes) this.joinTook(ms);
    for (const [code, count] of Object.entries(counts.joinRefusals)) {
      this.#counts.joinRefusals[code] = (this.#counts.joinRefusals[code] ?? 0) + count;
    }
  }
}

function nothing(): NodeCounts {
  return { postFailures: 0, postsGone: 0, reconnects: 0, transcodings: 0, joinRefusals: {}, joinTimes: [] };
}
