import { describe, expect, test } from 'vitest';
import { remembered, shared } from './sharing.ts';

describe('shared', () => {
  test('is what was there before if it says the same, at any depth', () => {
    const before = { name: 'Ada', muted: { camera: true }, list: [{ id: 1 }, { id: 2 }] };
    expect(shared(before, structuredClone(before))).toBe(before);
  });

  test('keeps those parts that say the same', () => {
    const before = { muted: { camera: true }, list: [{ id: 1 }, { id: 2 }] };
    const now = shared(before, { muted: { camera: true }, list: [{ id: 1 }, { id: 3 }] });
    expect(now).toEqual({ muted: { camera: true }, list: [{ id: 1 }, { id: 3 }] });
    expect(now.muted).toBe(before.muted);
    expect(now.list).not.toBe(before.list);
    expect(now.list[0]).toBe(before.list[0]);
    expect(before.list[1]).toEqual({ id: 2 });
  });

  test.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [[1, 2], [1]],
    [[1], [1, 2]],
    [[], {}],
    [undefined, []],
    [null, {}],
    [{}, null],
    ['1', 1],
  ])('is not %j for %j', (before, now) => {
    expect(shared<unknown>(before, now)).toEqual(now);
    expect(shared<unknown>(before, now)).not.toBe(before);
  });

  test('takes objects with a class for what they are', () => {
    const [one, other] = [new Date(0), new Date(0)];
    expect(shared(one, other)).toBe(other);
    expect(shared([one], [other])[0]).toBe(other);
  });
});

test('what is remembered of one object is not of another', () => {
  const read = remembered(({ names }: { names: string[] }) => [...names, 'b']);
  const [one, other] = [{ names: ['a'] }, { names: ['a'] }];
  const first = read(one);
  expect(read(one)).toBe(first);
  expect(read(other)).not.toBe(first);
  one.names = ['c'];
  expect(read(one)).toEqual(['c', 'b']);
});
