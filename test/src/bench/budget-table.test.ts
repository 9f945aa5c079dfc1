import { expect, it } from 'vitest';
import { budgetTable, isOver, median } from './budget-table.ts';
import type { BenchResult } from './join-bench.ts';
import type { JoinFigures } from './join-figures.ts';

function join(fields: Partial<JoinFigures>): JoinFigures {
  return {
    participants: 1,
    messagesUp: 1,
    messagesDown: 1,
    invocations: 1,
    handshakeInvocations: 2,
    reads: 0,
    writes: 2,
    roundTrips: 2,
    reports: 1,
    messagesOfOthers: 0,
    answerMs: 80,
    price: { messages: 5, invocations: 1, compute: 0, database: 2, total: 8 },
    ...fields,
  };
}

function table(fields: Partial<BenchResult> = {}) {
  const times = {
    floor: [182],
    joiner: { two: [190], three: [240], threeAll: [260] },
    others: { two: [210], three: [270] },
    cold: [900],
  };
  const joins = [1, 2, 3, 8].map((participants) => join({ participants }));
  return budgetTable({ joins, times, sdk: [{ what: 'core', bytes: 10 * 1024, limit: 15 * 1024 }], ...fields });
}

const over = (lines: ReturnType<typeof table>) => lines.filter(isOver).map(({ what }) => what);

it('is content with what keeps to the budgets', () => {
  expect(over(table())).toEqual([]);
});

it('shows the worst of the counts, and says what it comes from', () => {
  const lines = table({ joins: [join({}), join({ participants: 3, reads: 1, roundTrips: 3 })] });
  expect(over(lines)).toEqual(['DynamoDB round trips']);
  expect(lines.find(isOver)).toMatchObject({ measured: 3, note: expect.stringContaining('media nodes') });
});

it('does not hold a small call responsible for a large one', () => {
  const joins = [1, 3].map((participants) => join({ participants }));
  expect(over(table({ joins: [...joins, join({ participants: 8, messagesUp: 2 })] }))).toEqual([
    'join, messages up (up to 8)',
  ]);
});

it('shows medians of times, and how far the machine explains them', () => {
  const times = {
    floor: [364, 364, 9999],
    joiner: { two: [390, 100, 410], three: [240], threeAll: [260] },
    others: { two: [600], three: [270] },
    cold: [900],
  };
  const lines = table({ times }).filter(isOver);
  expect(lines).toMatchObject([
    { measured: 390, note: expect.stringMatching(/at 400: within it/) },
    { measured: 600, note: expect.stringMatching(/at 500: over it still/) },
  ]);
});

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
