import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LevelSource, Speaking } from './speaking.ts';

const levels = new Map<string, () => number | Promise<number>>();
const changes: (readonly string[])[] = [];
let speaking: Speaking;

beforeEach(() => {
  vi.useFakeTimers();
  levels.clear();
  changes.length = 0;
  const sources = () => [...levels].map(([id, level]): LevelSource => ({ id, level }));
  speaking = new Speaking({ sources, onChange: (speakers) => changes.push(speakers), interval: 100 });
  speaking.start();
});

afterEach(() => {
  speaking.stop();
  vi.useRealTimers();
});

test('tells who begins to speak, and who ceases, once', async () => {
  levels.set('ada', () => 0.2).set('ben', () => 0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(changes).toEqual([['ada']]);
  expect([speaking.isSpeaking('ada'), speaking.isSpeaking('ben'), speaking.isSpeaking('nobody')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([speaking.levelOf('ada'), speaking.levelOf('nobody')]).toEqual([0.2, 0]);
  levels.set('ada', () => 0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(changes).toEqual([['ada'], []]);
});

test('does not take the gaps between words for silence', async () => {
  let reading = 0;
  levels.set('ada', () => (reading++ % 6 < 3 ? 0.2 : 0));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(changes).toEqual([['ada']]);
});

test('does not take a knock for speech', async () => {
  let reading = 0;
  levels.set('ada', () => (reading++ % 6 === 0 ? 0.9 : 0));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(changes).toEqual([]);
});

test('puts the loudest first', async () => {
  levels.set('ada', () => Promise.resolve(0.05)).set('ben', () => 0.5);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(speaking.speakers).toEqual(['ben', 'ada']);
  levels.set('ada', () => 0.5).set('ben', () => 0.05);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(speaking.speakers).toEqual(['ada', 'ben']);
});

test('forgets who has left', async () => {
  levels.set('ada', () => 0.2);
  await vi.advanceTimersByTimeAsync(1_000);
  levels.delete('ada');
  await vi.advanceTimersByTimeAsync(100);
  expect(changes).toEqual([['ada'], []]);
  expect(speaking.levelOf('ada')).toBe(0);
});

test('hears the others when one cannot be read', async () => {
  levels.set('ada', () => Promise.reject(new Error('closed'))).set('ben', () => 0.2);
  levels.set('cat', () => {
    throw new Error('closed');
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changes).toEqual([['ben']]);
});

test('once stopped says nothing, even of a reading under way', async () => {
  levels.set('ada', () => 0.2);
  await vi.advanceTimersByTimeAsync(1_000);
  levels.set('ada', () => new Promise((resolve) => setTimeout(resolve, 2_000, 0)));
  await vi.advanceTimersByTimeAsync(1_500);
  speaking.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(changes).toEqual([['ada']]);
  expect(speaking.speakers).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('started twice reads once, and starts anew after a stop', async () => {
  speaking.start();
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  speaking.stop();
  speaking.start();
  levels.set('ada', () => 0.2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changes).toEqual([['ada']]);
});
