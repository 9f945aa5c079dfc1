import { expect, test } from 'vitest';
import type { Delivery } from '../aws/index.ts';
import { type Breakable, Faults } from './faults.ts';

/** Somebody else's Kurento, and no agent. */
function withKurento(): Breakable {
  let delivery: Delivery = { mode: 'natural' };
  const faults: Breakable['faults'] = {
    connections: () => [],
    dropConnection: () => {},
    stallConnection: () => {},
    get delivery() {
      return delivery;
    },
    deliver: (next = { mode: 'natural' }) => {
      delivery = next;
    },
  };
  return { faults, nodes: [], engine: undefined };
}

const nobody = { rooms: [], nodes: [], items: 0 };

test('a Kurento that was there before is not ours to kill, and the page says so', () => {
  const faults = new Faults(withKurento()).list();
  expect(faults.filter(({ disabled }) => disabled).map(({ id }) => id)).toEqual(['kill-engine']);
  expect(faults.find(({ id }) => id === 'kill-engine')?.disabled).toMatch(/--kurento/);
});

test.each(['delay', 'reorder', 'as-usual'])('%s is on once it was chosen, and nothing else is', async (id) => {
  const faults = new Faults(withKurento());
  await faults.inject(id, '', nobody);
  expect(
    faults
      .list()
      .filter(({ isOn }) => isOn)
      .map((fault) => fault.id),
  ).toEqual([id]);
});

test.each([
  ['drop-socket', 'no-such-target'],
  ['kill-agent', 'no-such-target'],
  ['format-disk', 'unknown-fault'],
])('%s of nobody is refused: %s', async (id, code) => {
  await expect(new Faults(withKurento()).inject(id, 'nobody', nobody)).rejects.toMatchObject({ code });
});
