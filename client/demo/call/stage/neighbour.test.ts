import { expect, it } from 'vitest';
import { grid } from './grid-layout.ts';
import { neighbour } from './neighbour.ts';

const area = { x: 0, y: 0, width: 900, height: 506 };
const { boxes } = grid(9, { area, gap: 12, smallest: 100, page: 0, step: { x: 912, y: 0 } });
const PLACES = new Map(boxes.map((box, index) => [String(index), box]));

it('leads to the next one straight ahead', () => {
  expect(neighbour(PLACES, '4', 'ArrowLeft')).toBe('3');
  expect(neighbour(PLACES, '4', 'ArrowRight')).toBe('5');
  expect(neighbour(PLACES, '4', 'ArrowUp')).toBe('1');
  expect(neighbour(PLACES, '4', 'ArrowDown')).toBe('7');
});

it('leads nowhere at the edge', () => {
  expect(neighbour(PLACES, '0', 'ArrowUp')).toBeUndefined();
  expect(neighbour(PLACES, '8', 'ArrowRight')).toBeUndefined();
  expect(neighbour(PLACES, 'gone', 'ArrowRight')).toBeUndefined();
});
