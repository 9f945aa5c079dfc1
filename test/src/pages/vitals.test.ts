import { beforeAll, expect, it } from 'vitest';
import { openTheatre } from './open-theatre.ts';
import { BUDGET, measurePage, type PageFigures } from './vitals.ts';

let figures: PageFigures;

beforeAll(async () => {
  const { theatre, close } = await openTheatre();
  try {
    figures = await measurePage(theatre);
  } finally {
    await close();
  }
});

it('loads in few requests, and no more than 80 KiB until one is in a call', () => {
  const { first, join } = figures;
  expect(first.bytes + join.bytes).toBeLessThanOrEqual(BUDGET.bytes);
  expect(first.requests).toEqual(expect.arrayContaining(['/index.html', '/app.css', '/app.js', '/config.json']));
  expect(first.requests.length + join.requests.length).toBeLessThanOrEqual(BUDGET.requests);
});

it('stands still while it loads, and while people come and go', () => {
  const { first, join, crowd } = figures;
  for (const { shift } of [first, join, crowd]) expect(shift).toBeLessThanOrEqual(BUDGET.shift);
});
