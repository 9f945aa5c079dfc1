import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, grid, tileSize } from './grid-layout.ts';

const OPTIONS = {
  area: { x: 0, y: 0, width: 1200, height: 700 },
  gap: 12,
  smallest: 150,
  page: 0,
  step: { x: 1212, y: 0 },
};

const overlaps = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

describe('tileSize', () => {
  it('fills an area with one tile as far as its proportion allows', () => {
    expect(tileSize(1, { width: 1600, height: 900 }, 12)).toEqual({ width: 1600, height: 900 });
    expect(tileSize(1, { width: 2000, height: 900 }, 12)).toEqual({ width: 1600, height: 900 });
    expect(tileSize(1, { width: 600, height: 900 }, 12)).toEqual({ width: 600, height: 500 });
  });

  it('puts two beside each other on a wide area, and one above the other on a high one', () => {
    expect(tileSize(2, { width: 1212, height: 600 }, 12).width).toBe(600);
    expect(tileSize(2, { width: 400, height: 712 }, 12)).toEqual({ width: 400, height: 333 });
  });
});

describe('grid', () => {
  const areas = fc.record({ width: fc.integer({ min: 200, max: 2400 }), height: fc.integer({ min: 120, max: 1400 }) });

  it('lays no tile over another, and leaves none out', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 0, max: 40 }), (size, count) => {
        const area = { x: 0, y: 0, ...size };
        const { boxes } = grid(count, { ...OPTIONS, area, step: { x: size.width + 12, y: 0 } });
        expect(boxes).toHaveLength(count);
        const isCovered = (box: Box, index: number) => boxes.slice(index + 1).some((other) => overlaps(box, other));
        expect(boxes.filter(isCovered)).toEqual([]);
      }),
    );
  });

  it('has the page that is asked for inside the area, and the others outside', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9 }), (size, count, wanted) => {
        const area = { x: 0, y: 0, ...size };
        const step = { x: size.width + 12, y: 0 };
        const { boxes, page, perPage } = grid(count, { ...OPTIONS, area, step, page: wanted });
        const isInside = ({ x, y, width, height }: Box) =>
          x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
        const seen = boxes.filter((_, index) => Math.floor(index / perPage) === page);
        const unseen = boxes.filter((box) => !seen.includes(box));
        expect(seen.every(isInside)).toBe(true);
        expect(unseen.some((box) => overlaps(box, area))).toBe(false);
      }),
    );
  });

  it('begins another page before anybody becomes too small', () => {
    const area = { x: 0, y: 0, width: 366, height: 600 };
    const { boxes, pages, perPage } = grid(30, { ...OPTIONS, area });
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBe(Math.ceil(30 / perPage));
    expect(boxes.every(({ width }) => width >= 150)).toBe(true);
  });

  it('shows the last page to whom a later one was shown', () => {
    const area = { x: 0, y: 0, width: 366, height: 600 };
    const { page, pages } = grid(30, { ...OPTIONS, area, page: 99 });
    expect(page).toBe(pages - 1);
  });

  it('has the last row stand in the middle', () => {
    const [first, second, third] = grid(3, OPTIONS).boxes;
    if (!first || !second || !third) throw new Error('there are three');
    expect(third.x + third.width / 2).toBeCloseTo((first.x + second.x + second.width) / 2, 0);
  });
});
