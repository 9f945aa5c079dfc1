import { expect, test, vi } from 'vitest';
import { type Delivery, MessageQueue, seededRandom, shuffle } from './delivery.ts';

const sent = ['a', 'b', 'c', 'd', 'e', 'f'];

function deliver(delivery: Delivery): Promise<string[]> {
  return new Promise((resolve) => {
    const delivered: string[] = [];
    const queue = new MessageQueue(
      () => delivery,
      (body) => {
        delivered.push(body);
        if (delivered.length === sent.length) resolve(delivered);
      },
    );
    for (const body of sent) queue.push(body);
  });
}

test('naturally, messages come as they were sent', async () => {
  expect(await deliver({ mode: 'natural' })).toEqual(sent);
});

test('reordered, they all come, in an order that the seed decides', async () => {
  const first = await deliver({ mode: 'reorder', seed: 1, windowMs: 1 });
  const same = await deliver({ mode: 'reorder', seed: 1, windowMs: 1 });
  const other = await deliver({ mode: 'reorder', seed: 2, windowMs: 1 });
  expect(first).toEqual(same);
  expect(first).not.toEqual(sent);
  expect(first).not.toEqual(other);
  expect(first.toSorted()).toEqual(sent);
});

test('delayed, they come in their order, and later', async () => {
  const began = performance.now();
  expect(await deliver({ mode: 'delay', ms: 20 })).toEqual(sent);
  expect(performance.now() - began).toBeGreaterThanOrEqual(19);
});

test('what is sent after a change is delivered as from then on', async () => {
  let delivery: Delivery = { mode: 'delay', ms: 20 };
  const delivered: string[] = [];
  const queue = new MessageQueue(
    () => delivery,
    (body) => delivered.push(body),
  );
  queue.push('held');
  delivery = { mode: 'natural' };
  queue.push('at once');
  await vi.waitFor(() => expect(delivered).toEqual(['at once', 'held']));
});

test('every order is possible', () => {
  const random = seededRandom(1);
  const orders = new Set(Array.from({ length: 200 }, () => shuffle(['a', 'b', 'c'], random).join('')));
  expect(orders.size).toBe(6);
});
