import { type Gap, worstOf } from './gap-figures.ts';

/** What a fault may cost: a time, or no picture at all. */
export type GapBudget = { readonly ms: number } | 'no picture';

/** What one kind of fault has done, each time that it happened. */
export interface FaultResult {
  readonly what: string;
  readonly budget: GapBudget;
  /** Of each time: the gaps in all streams, or the milliseconds until others knew of it. */
  readonly rounds: readonly (readonly Gap[] | number)[];
}

export interface GapLine {
  readonly what: string;
  readonly budget: string;
  /** The longest of all rounds and streams. */
  readonly gap: string;
  /** The longest that there was without a fault. */
  readonly baseline: string;
  readonly lost: string;
  readonly isOver: boolean;
}

export function gapLine({ what, budget, rounds }: FaultResult): GapLine {
  const gaps = rounds.flatMap((round) => (typeof round === 'number' ? [] : round));
  const times = rounds.filter((round) => typeof round === 'number');
  const { gap, baseline, lost } = worstOf(gaps);
  const longest = Math.max(gap, ...times);
  const isMeasured = gaps.length > 0;
  return {
    what,
    budget: budget === 'no picture' ? budget : milliseconds(budget.ms),
    gap: milliseconds(longest),
    baseline: isMeasured ? milliseconds(baseline) : '–',
    lost: isMeasured ? String(lost) : '–',
    isOver: budget === 'no picture' ? lost > 0 : longest > budget.ms,
  };
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
