import { expect, it } from 'vitest';
import { pauseFigures } from './pause-figures.ts';

it('tells the middle and the worst of each', () => {
  const times = [
    { stopMs: 90, resumeMs: 300 },
    { stopMs: 10, resumeMs: 1200 },
    { stopMs: 20, resumeMs: 100 },
  ];
  expect(pauseFigures('paused', times)).toEqual([
    { what: 'paused: the last bytes', budget: 1000, p50: 20, worst: 90 },
    { what: 'paused no longer: a decoded picture', budget: 1000, p50: 300, worst: 1200 },
  ]);
});
