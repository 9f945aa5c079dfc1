import type { ObjectUpdate } from '@hyperroom/protocol';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { HyperroomError } from '../errors.ts';
import { advance, newObject, type Observed, observeObject, observeUpdate, UNSEEN } from './data-object.ts';
import { ReportedObject } from './reported-object.ts';
import type { Versioned } from './types.ts';

const self = 'hyperty://d/reporter';

function reporting<T extends object>(data: T) {
  const updates: ObjectUpdate[] = [];
  const object = newObject({ url: 'context://d/o', reporter: self, schema: 's', data });
  return { updates, reported: new ReportedObject(object, (update) => updates.push(update)) };
}

describe('a change', () => {
  test('is one version and one update', () => {
    const { reported, updates } = reporting({ a: 1, list: ['x'] });
    reported.update('b.c', { deep: null });
    reported.remove('a');
    reported.insert('list.1', 'y');
    reported.insert('list.0', ['nested'], 'w');
    reported.insert('list.0', ['alone']);
    reported.remove('list.2');
    expect(reported.object).toMatchObject({
      version: 6,
      lastModified: updates.at(-1)?.lastModified,
      data: { b: { c: { deep: null } }, list: [['alone'], ['nested'], 'x', 'y'] },
    });
    const array = { attributeType: 'array', source: self, lastModified: expect.any(String) };
    expect(updates.slice(1)).toEqual([
      { version: 2, source: self, lastModified: expect.any(String), attribute: 'a' },
      { ...array, version: 3, attribute: 'list.1', operation: 'add', value: 'y' },
      { ...array, version: 4, attribute: 'list.0', operation: 'add', value: [['nested'], 'w'] },
      { ...array, version: 5, attribute: 'list.0', operation: 'add', value: [['alone']] },
      { ...array, version: 6, attribute: 'list.2', operation: 'remove', value: 1 },
    ]);
  });

  test('that cannot be is refused, and nothing has changed', () => {
    const { reported, updates } = reporting({ a: 1, list: ['x'] });
    const before = reported.object;
    for (const attempt of [
      () => reported.update('a', undefined),
      () => reported.update('a', () => {}),
      () => reported.remove('b'),
      () => reported.remove('list.1'),
      () => reported.insert('a.0', 'x'),
      () => reported.insert('list', 'x'),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'bad-request' }));
    }
    expect(reported.object).toBe(before);
    expect(updates).toEqual([]);
  });

  test('that cannot be published has not happened', () => {
    const publish = vi.fn(() => {
      throw new HyperroomError('connection-lost', 'gone');
    });
    const reported = new ReportedObject(newObject({ url: 'o://d/o', reporter: self, data: { a: 1 } }), publish);
    expect(() => reported.update('a', 2)).toThrow('gone');
    expect(reported.object).toMatchObject({ version: 0, data: { a: 1 } });
  });

  test('leaves the caller’s own values alone, and is left alone by them', () => {
    const mine = { list: [1] };
    const { reported } = reporting(mine);
    const more = { n: 1 };
    reported.insert('list.1', more);
    more.n = 2;
    mine.list.push(9);
    expect(reported.object.data).toEqual({ list: [1, { n: 1 }] });
  });
});

const key = fc.constantFrom('a', 'b', 'a.c', 'list', 'list.0', 'list.1', 'list.3', 'a.list.0', '__proto__.x');
const change = fc.record({
  kind: fc.constantFrom('update', 'remove', 'insert'),
  attribute: key,
  value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant([]), fc.constant(undefined)),
});

test('whoever applies the updates has what the reporter has, whatever they are and whatever JSON does to them', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const { reported, updates } = reporting<object>({ list: [] });
      const first: Versioned = JSON.parse(JSON.stringify(reported.object));
      for (const { kind, attribute, value } of changes) {
        try {
          if (kind === 'update') reported.update(attribute, value);
          else if (kind === 'remove') reported.remove(attribute);
          else reported.insert(attribute, value);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-request' });
        }
      }
      let state: Observed<Versioned> = observeObject(UNSEEN, first);
      for (const update of JSON.parse(JSON.stringify(updates))) state = observeUpdate(state, update);
      for (let next = advance(state, anything); next; next = advance(state, anything)) state = next.state;
      expect(state.object).toEqual(JSON.parse(JSON.stringify(reported.object)));
      expect(state.object?.version).toBe(updates.length);
    }),
  );
});

const anything = (candidate: Versioned): candidate is Versioned => candidate.version >= 0;
