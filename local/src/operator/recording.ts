import type { Sight } from '../sights.ts';
import { type JoinCost, joinCost } from './price.ts';
import { followedHops } from './recording-hops.ts';
import { redacted } from './redact.ts';
import type { Answer, RequestKind } from './requests.ts';

/** Who says something to whom. `others`: the clients of everybody else. */
export type Party = 'browser' | 'others' | 'gateway' | 'function' | 'table' | 'agent' | 'kurento';

export interface Hop {
  readonly kind: 'frame' | 'invocation' | 'table' | 'post' | 'call' | 'event';
  readonly from: Party;
  readonly to: Party;
  /** Milliseconds since the first hop. */
  readonly at: number;
  /** Until it was answered, had run, had arrived. */
  readonly ms?: number;
  readonly label: string;
  /** What became of it, where that is not plain. */
  readonly outcome?: string;
  readonly failed: boolean;
  /** Calls, or posts, that are shown as one. */
  readonly count: number;
  /** What was said, without secrets. */
  readonly content: unknown;
}

/** One request and all that came of it, hop by hop. */
export interface Recording {
  readonly trace: string;
  readonly kind: RequestKind;
  readonly room: string;
  readonly participant: string;
  readonly name?: string;
  /** When the first hop was: an ISO date. */
  readonly began: string;
  /** When the request left the browser, as `at` of hops. */
  readonly asked: number;
  /** When its answer had arrived; absent: it has not. */
  readonly answered?: number;
  readonly code?: number;
  readonly cost: JoinCost;
  readonly hops: readonly Hop[];
  /** What functions and agent have logged with its trace. */
  readonly logs: readonly unknown[];
}

/** Follows a request through what was seen. Undefined if nobody has seen it, or it is forgotten. */
export function recordingOf(sights: readonly Sight[], trace: string): Recording | undefined {
  const followed = followedHops(sights, trace);
  if (!followed) return undefined;
  const { request, hops, answer } = followed;
  const began = Math.min(...hops.map(({ at }) => at));
  const since = (at: number) => rounded(at - began);
  const sorted = hops
    .map((hop) => ({ ...hop, at: since(hop.at), ...(hop.ms !== undefined && { ms: rounded(hop.ms) }) }))
    .sort((a, b) => a.at - b.at);
  const { kind, room, participant, name } = request;
  return redacted({
    trace,
    kind,
    room,
    participant,
    ...(name !== undefined && { name }),
    began: new Date(began).toISOString(),
    asked: since(request.at),
    ...answeredAt(answer, since),
    cost: joinCost(followed.seen),
    hops: sorted,
    logs: logsOf(sights, trace),
  });
}

function answeredAt(answer: Answer | undefined, since: (at: number) => number) {
  return answer ? { answered: since(answer.at), code: answer.code } : {};
}

function logsOf(sights: readonly Sight[], trace: string): unknown[] {
  return sights.flatMap((sight) => {
    if (sight.kind !== 'line' || !sight.line.includes(trace)) return [];
    const start = sight.line.indexOf(': {');
    if (start < 0) return [];
    return [{ by: sight.line.slice(0, start), ...JSON.parse(sight.line.slice(start + 2)) }];
  });
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
