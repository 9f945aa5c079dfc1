import { expect, it } from 'vitest';
import { gapLine } from './gap-table.ts';

function gap(figures: { gap: number; lost: number }) {
  return { from: 'Ada', to: 'Ben', baseline: 80, isRenewed: false, ...figures };
}

it('shows the worst of all rounds and streams against the budget', () => {
  const rounds = [[gap({ gap: 900, lost: 3 }), gap({ gap: 4_000, lost: 40 })], [gap({ gap: 2_000, lost: 20 })]];
  expect(gapLine({ what: 'crash', budget: { ms: 5_000 }, rounds })).toEqual({
    what: 'crash',
    budget: '5000 ms',
    gap: '4000 ms',
    baseline: '80 ms',
    lost: '40',
    isOver: false,
  });
  expect(gapLine({ what: 'crash', budget: { ms: 3_999 }, rounds }).isOver).toBe(true);
});

it('lets no picture be lost where none may, however long they take', () => {
  const line = (lost: number) => gapLine({ what: 'drop', budget: 'no picture', rounds: [[gap({ gap: 400, lost })]] });
  expect([line(0).isOver, line(1).isOver]).toEqual([false, true]);
});

it('shows times where there are no pictures to count', () => {
  expect(gapLine({ what: 'killed tab', budget: { ms: 10_000 }, rounds: [9_000, 10_400] })).toEqual({
    what: 'killed tab',
    budget: '10000 ms',
    gap: '10400 ms',
    baseline: '–',
    lost: '–',
    isOver: true,
  });
});
