import type { Size } from '@hyperroom/client/build';
import type { BenchResult, Times } from './join-bench.ts';
import type { JoinFigures } from './join-figures.ts';
import type { Price } from './price.ts';

/** One line of the design's budgets beside what was measured. */
export interface BudgetLine {
  readonly what: string;
  /** At most; null: for comparison only. */
  readonly budget: number | null;
  readonly measured: number;
  readonly unit: '' | 'ms' | '$' | 'KiB';
  /** What a measurement over its budget comes from, or what it does not contain. */
  readonly note: string;
}

/** The floor on the machine that the budgets of time were set on. */
const FLOOR_OF_BUDGETS = 182;

export function budgetTable({ joins, times, sdk }: BenchResult): BudgetLine[] {
  return [
    ...countLines(joins),
    priceLine(joins, 1, 'price of a million joins, first of a room'),
    priceLine(joins, 3, 'price of a million joins, third of a room'),
    ...sizeLines(sdk),
    ...timeLines(times),
    ...answerLines(joins),
  ];
}

function countLines(joins: readonly JoinFigures[]): BudgetLine[] {
  const small = joins.filter(({ participants }) => participants <= 3);
  const worst = (of: readonly JoinFigures[], figure: (join: JoinFigures) => number) => Math.max(...of.map(figure));
  const reads = worst(joins, (join) => join.reads);
  const line = (what: string, budget: number, measured: number, why: string): BudgetLine => ({
    what,
    budget,
    measured,
    unit: '',
    note: measured > budget ? why : '',
  });
  const pool = 'the offers of the pool do not fit one frame of 32 KB';
  const topUp = 'a pool of spare connections that runs low is topped up, after the pictures have come';
  return [
    line(
      'join, messages up (1 to 3 participants)',
      1,
      worst(small, (join) => join.messagesUp),
      pool,
    ),
    line(
      'join, messages down (1 to 3)',
      1,
      worst(small, (join) => join.messagesDown),
      'news of others overtook the answer',
    ),
    line(
      'join, messages up (up to 8)',
      1,
      worst(joins, (join) => join.messagesUp),
      pool,
    ),
    line(
      'join, messages down (up to 8)',
      1,
      worst(joins, (join) => join.messagesDown),
      'news of others overtook the answer',
    ),
    line(
      'messages of those already there (up to 3)',
      0,
      worst(small, (join) => join.messagesOfOthers),
      topUp,
    ),
    {
      ...line(
        'messages of those already there (up to 8)',
        0,
        worst(joins, (join) => join.messagesOfOthers),
        topUp,
      ),
      budget: null,
    },
    line(
      'DynamoDB round trips',
      2,
      worst(joins, (join) => join.roundTrips),
      reads > 0
        ? 'a function that had not heard of the media nodes lately read their list'
        : 'a rival wrote in between',
    ),
    {
      ...line(
        'Lambda invocations (join, media report)',
        2,
        worst(joins, (join) => join.invocations + join.reports),
        'a participant had news for the others besides',
      ),
      note: 'besides authorizer and $connect, once for each socket',
    },
  ];
}

/** The room's item grows with its participants, and is paid for by the kilobyte. */
function priceLine(joins: readonly JoinFigures[], participants: number, what: string): BudgetLine {
  const prices = joins.filter((join) => join.participants === participants).map(({ price }) => price);
  const of = (part: keyof Price) => median(prices.map((price) => price[part]));
  const parts = (['messages', 'invocations', 'compute', 'database'] as const).map(
    (part) => `${part} ${of(part).toFixed(2)}`,
  );
  const growth =
    participants >= 3 ? '; from here on the item of the room is over 1 KB, and a write of it two units' : '';
  const note = `${parts.join(', ')}; handshake and media report included${growth}`;
  return { what, budget: 10, measured: of('total'), unit: '$', note };
}

function sizeLines(sizes: readonly Size[]): BudgetLine[] {
  return sizes.flatMap(({ what, bytes, limit }) => {
    if (limit === undefined) return [];
    return { what: `SDK: ${what}`, budget: limit / 1024, measured: bytes / 1024, unit: 'KiB', note: '' };
  });
}

function timeLines({ floor, joiner, others, cold }: Times): BudgetLine[] {
  const scale = median(floor) / FLOOR_OF_BUDGETS;
  const line = (what: string, budget: number | null, values: readonly number[]): BudgetLine => {
    const measured = median(values);
    return { what, budget, measured, unit: 'ms', note: timeNote(budget, measured, scale) };
  };
  return [
    {
      ...line('floor: two peer connections in one page', null, floor),
      note: `${FLOOR_OF_BUDGETS} where the budgets were set`,
    },
    line("joiner's first picture, 2 participants", 200, joiner.two),
    line("joiner's first picture, 3 participants", 250, joiner.three),
    line("joiner's pictures of both, 3 participants", null, joiner.threeAll),
    line('those already there see him, 2 participants', 250, others.two),
    line('those already there see him, 3 participants', 280, others.three),
    {
      ...line("joiner's first picture, 2 participants, pages just opened", null, cold),
      note: 'once, before the others',
    },
  ];
}

/** How much of the times is signalling; the rest is ICE, DTLS and the first key frame. */
function answerLines(joins: readonly JoinFigures[]): BudgetLine[] {
  return [2, 3].map((participants) => ({
    what: `the joiner has its answer, ${participants} participants`,
    budget: null,
    measured: median(joins.filter((join) => join.participants === participants).map(({ answerMs }) => answerMs)),
    unit: 'ms',
    note: '',
  }));
}

/** A noisy or slow machine moves everything: the floor, measured in the same minutes, says by how much. */
function timeNote(budget: number | null, measured: number, scale: number): string {
  if (budget === null || measured <= budget) return '';
  const scaled = Math.round(budget * scale);
  const verdict = measured <= scaled ? 'within it' : 'over it still';
  return `the machine's floor puts the budget at ${scaled}: ${verdict}`;
}

export function isOver({ budget, measured }: BudgetLine): boolean {
  return budget !== null && measured > budget;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
