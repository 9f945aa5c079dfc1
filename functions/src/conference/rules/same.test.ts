import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSame } from './same.ts';

test.each([
  [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  [{ a: undefined }, {}, false],
  [{ a: undefined }, { b: undefined }, false],
  [[], {}, false],
  [[1, 2], [2, 1], false],
  [null, {}, false],
  ['1', 1, false],
])('%j and %j', (one, other, same) => {
  expect(isSame(one, other)).toBe(same);
  expect(isSame(other, one)).toBe(same);
});

test('is what Node says of any two values of JSON', () => {
  // JSON has one zero.
  const json = () => fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  fc.assert(fc.property(json(), json(), (one, other) => isSame(one, other) === isDeepStrictEqual(one, other)));
  fc.assert(fc.property(json(), (one) => isSame(one, structuredClone(one))));
});
