import { expect, it } from 'vitest';
import { itemSize } from './item-size.ts';

it.each<[string, Record<string, unknown>, number]>([
  ['names and strings in UTF-8', { name: 'Zoë' }, 4 + 4],
  ['a number', { n: 12 }, 1 + 8],
  ['a boolean', { b: true }, 1 + 1],
  ['a list', { l: ['ab', 'c'] }, 1 + 3 + 2 + 1 + 1 + 1],
  ['a set', { s: new Set(['ab']) }, 1 + 3 + 2 + 1],
  ['a map', { m: { ab: 'cd' } }, 1 + 3 + 1 + 2 + 2],
])('counts %s', (_, item, size) => {
  expect(itemSize(item)).toBe(size);
});
