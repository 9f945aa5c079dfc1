import type { ObjectUpdate } from '@hyperroom/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, isBehind, type Observed, observeObject, observeUpdate, UNSEEN } from './data-object.ts';
import type { Versioned } from './types.ts';

const anything = (candidate: Versioned): candidate is Versioned => candidate.version >= 0;
const base: Versioned = { version: 3, lastModified: 't3', data: { a: 1, list: ['x'] } };

const update = (version: number, attribute: string, rest: Partial<ObjectUpdate> = {}): ObjectUpdate => ({
  version,
  source: 'hyperty://d/reporter',
  attribute,
  ...rest,
});

/** Applies all that can be. */
function caughtUp(state: Observed<Versioned>, isValid = anything): Observed<Versioned> {
  const next = advance(state, isValid);
  return next ? caughtUp(next.state, isValid) : state;
}

const updated = (state: Observed<Versioned>, each: ObjectUpdate) => caughtUp(observeUpdate(state, each));
const read = (state: Observed<Versioned>, object: Versioned) => caughtUp(observeObject(state, object));
const seen = read(UNSEEN, base);
const after = (...updates: ObjectUpdate[]) => updates.reduce(updated, seen);

describe('one update', () => {
  test('sets, adds and deletes at a dotted path, and leaves what it was applied to untouched', () => {
    expect(after(update(4, 'a', { value: 2 })).object?.data).toEqual({ a: 2, list: ['x'] });
    expect(after(update(4, 'p.q', { value: null })).object?.data).toEqual({ a: 1, list: ['x'], p: { q: null } });
    expect(after(update(4, 'a')).object?.data).toEqual({ list: ['x'] });
    expect(base.data).toEqual({ a: 1, list: ['x'] });
  });

  test('inserts into and removes from an array', () => {
    const add = update(4, 'list.0', { attributeType: 'array', operation: 'add', value: 'w' });
    const remove = update(5, 'list.1', { attributeType: 'array', operation: 'remove' });
    expect(after(add).object?.data).toEqual({ a: 1, list: ['w', 'x'] });
    expect(after(add, remove).object?.data).toEqual({ a: 1, list: ['w'] });
    expect(after(update(4, 'list.0', { value: 'y' })).object?.data).toEqual({ a: 1, list: ['y'] });
  });

  test('inserts a list of elements, and removes as many as it says, as reTHINK’s Syncher words it', () => {
    const add = update(4, 'list.1', { attributeType: 'array', operation: 'add', value: ['y', 'z'] });
    const remove = update(5, 'list.0', { attributeType: 'array', operation: 'remove', value: 2 });
    expect(after(add).object?.data).toEqual({ a: 1, list: ['x', 'y', 'z'] });
    expect(after(add, remove).object?.data).toEqual({ a: 1, list: ['z'] });
  });

  test('carries version and time with it', () => {
    expect(after(update(4, 'a', { value: 2, lastModified: 't4' })).object).toMatchObject({
      version: 4,
      lastModified: 't4',
    });
  });

  test('cannot reach a prototype', () => {
    after(update(4, '__proto__.polluted', { value: true }));
    expect({}).not.toHaveProperty('polluted');
  });

  test('is held back if the object would not be valid with it', () => {
    const small = (candidate: Versioned): candidate is Versioned => !('b' in candidate.data);
    const state = caughtUp(observeUpdate(seen, update(4, 'b', { value: 1 })), small);
    expect(state.object).toBe(base);
    expect(isBehind(state)).toBe(true);
  });
});

test('an old object does not replace a newer one, and an update of the past changes nothing', () => {
  expect(observeObject(seen, { ...base, version: 2 })).toBe(seen);
  expect(observeUpdate(seen, update(3, 'a', { value: 9 }))).toBe(seen);
});

const attribute = fc.constantFrom('a', 'b', 'c.d', 'c.e', 'c', 'f.g.h');
const history = fc
  .array(fc.record({ attribute, value: fc.option(fc.nat(9), { nil: undefined }) }), { minLength: 1, maxLength: 12 })
  .map((changes) =>
    changes.map(({ attribute, value }, index) => update(index + 1, attribute, value === undefined ? {} : { value })),
  );

const start: Versioned = { version: 0, lastModified: 't0', data: {} };

/** Every version of the object, by applying the updates in order. */
function versionsOf(updates: ObjectUpdate[]): Versioned[] {
  const states = [read(UNSEEN, start)];
  for (const each of updates) states.push(updated(states.at(-1) ?? seen, each));
  return states.map((state) => state.object ?? start);
}

/** The updates, each at least once, in any order, with the object as read at any time in between. */
const delivery = history.chain((updates) => {
  const doubled = fc.subarray(updates).map((again) => [...updates, ...again]);
  const reads = fc.array(fc.nat(updates.length), { minLength: 1, maxLength: 3 });
  return fc.tuple(doubled, reads).chain(([some, read]) =>
    fc.record({
      updates: fc.constant(updates),
      events: fc.shuffledSubarray<ObjectUpdate | number>([...some, ...read], {
        minLength: some.length + read.length,
      }),
    }),
  );
});

test('any order, any doubling and any readings converge on the same object, and never regress', () => {
  fc.assert(
    fc.property(delivery, ({ updates, events }) => {
      const versions = versionsOf(updates);
      let state: Observed<Versioned> = UNSEEN;
      for (const event of events) {
        const before = state.object?.version ?? -1;
        const whole = typeof event === 'number' ? versions[event] : undefined;
        state = whole ? read(state, whole) : updated(state, event as ObjectUpdate);
        expect(state.object?.version ?? -1).toBeGreaterThanOrEqual(before);
        if (state.object) expect(state.object).toEqual(versions[state.object.version]);
      }
      expect(state.object).toEqual(versions.at(-1));
      expect(isBehind(state)).toBe(false);
    }),
  );
});

test('with updates lost, the object stops at the gap until a reading closes it', () => {
  fc.assert(
    fc.property(history, fc.nat(), (updates, seed) => {
      const versions = versionsOf(updates);
      const lost = seed % updates.length;
      let state = read(UNSEEN, start);
      for (const [index, each] of updates.entries()) if (index !== lost) state = updated(state, each);
      expect(state.object).toEqual(versions[lost]);
      expect(isBehind(state)).toBe(lost < updates.length - 1);
      const whole = read(state, versions[lost + 1] ?? start);
      expect(whole.object).toEqual(versions.at(-1));
    }),
  );
});
