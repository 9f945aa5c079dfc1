import { expect, it } from 'vitest';
import { arrange } from './arrangement.ts';

const WIDE = { width: 1400, height: 780 };
const HIGH = { width: 366, height: 650 };
const DEMAND = { featured: 0, isScreen: false, others: 4, page: 0, stage: WIDE, gap: 12 };

it('gives everybody the same place if nothing is large', () => {
  const { featured, others, pages } = arrange(DEMAND);
  expect(featured).toEqual([]);
  expect(new Set(others.map(({ width }) => width)).size).toBe(1);
  expect(pages).toBe(1);
});

it('has the others beside what is large on a wide stage, and below it on a high one', () => {
  const wide = arrange({ ...DEMAND, featured: 1 });
  for (const box of wide.others) expect(box.x).toBeGreaterThan((wide.featured[0]?.width ?? 0) - 1);
  const high = arrange({ ...DEMAND, featured: 1, stage: HIGH });
  for (const box of high.others) expect(box.y).toBeGreaterThan((high.featured[0]?.height ?? 0) - 1);
});

it('gives a screen all the place that there is, and a person a sound proportion', () => {
  expect(arrange({ ...DEMAND, featured: 1, others: 0, isScreen: true }).featured).toEqual([{ x: 0, y: 0, ...WIDE }]);
  const [person] = arrange({ ...DEMAND, featured: 1, others: 0 }).featured;
  expect((person?.width ?? 0) / (person?.height ?? 1)).toBeCloseTo(16 / 9, 2);
});

it('puts several screens beside each other without one over another', () => {
  const { featured } = arrange({ ...DEMAND, featured: 3, isScreen: true });
  const places = new Set(featured.map(({ x, y }) => `${x} ${y}`));
  expect(places.size).toBe(3);
  for (const { x, y, width, height } of featured) {
    expect(x + width).toBeLessThanOrEqual(WIDE.width);
    expect(y + height).toBeLessThanOrEqual(WIDE.height);
  }
});

it('leaves a place for what turns the pages, if there are any', () => {
  const { others, pages, perPage } = arrange({ ...DEMAND, others: 30, stage: HIGH });
  expect(pages).toBeGreaterThan(1);
  const lowest = Math.max(...others.slice(0, perPage).map(({ y, height }) => y + height));
  expect(lowest).toBeLessThanOrEqual(HIGH.height - 44);
});

it('keeps other pages of those beside a screen clear of it', () => {
  const { featured, others, perPage } = arrange({ ...DEMAND, featured: 1, isScreen: true, others: 30 });
  expect(perPage).toBeLessThan(30);
  for (const { y } of others.slice(perPage)) expect(y).toBeGreaterThanOrEqual(featured[0]?.height ?? 0);
});
