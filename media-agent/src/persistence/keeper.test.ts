import { expect, test, vi } from 'vitest';
import { SILENT } from '../log.ts';
import { Keeper } from './keeper.ts';
import type { StateStore } from './state-file.ts';

/** A store whose writes the test ends. */
class SlowStore implements StateStore {
  readonly writes: { text: string; end: () => void; fail: () => void }[] = [];

  async load(): Promise<null> {
    return null;
  }

  save(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.writes.push({ text, end: resolve, fail: () => reject(new Error('disk full')) });
    });
  }

  get texts(): string[] {
    return this.writes.map(({ text }) => text);
  }
}

function scene() {
  let state = 0;
  const store = new SlowStore();
  const errors: string[] = [];
  const keeper = new Keeper(store, () => `state ${state}`, { ...SILENT, error: (text) => errors.push(text) });
  const change = () => {
    state += 1;
    keeper.changed();
  };
  return { store, keeper, change, errors };
}

test('what changes in one go is one write', async () => {
  const { store, change } = scene();
  for (let i = 0; i < 5; i++) change();
  await vi.waitFor(() => expect(store.texts).toEqual(['state 5']));
});

test('one write at a time: of what changed meanwhile only the newest follows', async () => {
  const { store, keeper, change } = scene();
  change();
  await vi.waitFor(() => expect(store.writes).toHaveLength(1));
  for (let i = 0; i < 5; i++) change();
  expect(store.texts).toEqual(['state 1']);
  store.writes[0]?.end();
  await vi.waitFor(() => expect(store.texts).toEqual(['state 1', 'state 6']));
  store.writes[1]?.end();
  await keeper.kept();
  expect(store.writes).toHaveLength(2);
});

test('a write that fails is said, and made up for by the next change', async () => {
  const { store, keeper, change, errors } = scene();
  change();
  await vi.waitFor(() => expect(store.writes).toHaveLength(1));
  store.writes[0]?.fail();
  await keeper.kept();
  expect(errors).toHaveLength(1);
  change();
  await vi.waitFor(() => expect(store.texts).toEqual(['state 1', 'state 2']));
});
