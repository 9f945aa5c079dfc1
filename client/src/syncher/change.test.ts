import { expect, test } from 'vitest';
import { changeOf, valueAt } from './change.ts';
import { apply } from './data-object.ts';

const before = { version: 1, lastModified: 't', data: { a: { b: 1 }, list: ['x', 'y'] } };

test.each([
  ['a.b', { value: 2 }, { operation: 'update', oldValue: 1, newValue: 2 }],
  ['a.c', { value: null }, { operation: 'add', oldValue: undefined, newValue: null }],
  ['a.b', {}, { operation: 'remove', oldValue: 1, newValue: undefined }],
  ['list.0', { value: 'z' }, { operation: 'update', oldValue: 'x', newValue: 'z' }],
  [
    'list.0',
    { attributeType: 'array', operation: 'add', value: 'w' },
    { operation: 'add', oldValue: undefined, newValue: 'w' },
  ],
  [
    'list.0',
    { attributeType: 'array', operation: 'remove' },
    { operation: 'remove', oldValue: 'x', newValue: undefined },
  ],
] as const)('%s %o', (attribute, rest, expected) => {
  const update = { version: 2, source: 'hyperty://d/r', attribute, ...rest };
  expect(changeOf(before, update, apply(before, update))).toEqual({ version: 2, attribute, ...expected });
});

test('only what the data itself has is at a path', () => {
  expect(valueAt(before.data, 'a.b.c')).toBeUndefined();
  expect(valueAt(before.data, '__proto__.toString')).toBeUndefined();
});
