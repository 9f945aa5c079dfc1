import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Punctuality } from './punctuality.ts';

const INTERVAL = 1_000;
let punctuality: Punctuality;

beforeEach(() => {
  vi.useFakeTimers();
  punctuality = new Punctuality(INTERVAL);
});
afterEach(() => {
  vi.useRealTimers();
});

function beat(answeredAfter = 10): void {
  const answered = punctuality.beat();
  vi.advanceTimersByTime(answeredAfter);
  answered();
  vi.advanceTimersByTime(INTERVAL - answeredAfter);
}

test('two heartbeats answered in time make a witness', () => {
  expect(punctuality.isWitness).toBe(false);
  beat();
  expect(punctuality.isWitness).toBe(false);
  beat();
  expect(punctuality.isWitness).toBe(true);
});

test('one that is not answered in time ends it at once, not only with its answer', () => {
  beat();
  beat();
  punctuality.beat();
  vi.advanceTimersByTime(INTERVAL);
  expect(punctuality.isWitness).toBe(false);
});

test('a late answer counts for nothing', () => {
  beat();
  beat();
  const answered = punctuality.beat();
  vi.advanceTimersByTime(INTERVAL + 1);
  answered();
  beat();
  expect(punctuality.isWitness).toBe(false);
});

test('who was late with its own heartbeat is no witness: it has stood still itself', () => {
  beat();
  beat();
  vi.advanceTimersByTime(2 * INTERVAL);
  punctuality.beat();
  expect(punctuality.isWitness).toBe(false);
});

test('a broken link begins anew', () => {
  beat();
  beat();
  punctuality.reset();
  expect(punctuality.isWitness).toBe(false);
});
