import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HyperroomError } from '../../src/index.ts';
import { Toasts } from './toasts.ts';

let toasts: Toasts;

beforeEach(() => {
  vi.useFakeTimers();
  toasts = new Toasts();
});
afterEach(() => {
  toasts.close();
  vi.useRealTimers();
});

const shown = () => toasts.store.state.shown.map(({ text }) => text);

it('says what happens for as long as it takes to read it', () => {
  toasts.say('Ben joined');
  vi.advanceTimersByTime(4_000);
  toasts.say('Ben left');
  expect(shown()).toEqual(['Ben joined', 'Ben left']);
  vi.advanceTimersByTime(2_000);
  expect(shown()).toEqual(['Ben left']);
  vi.advanceTimersByTime(4_000);
  expect(shown()).toEqual([]);
});

it('says three things at a time, the newest', () => {
  for (const text of ['one', 'two', 'three', 'four']) toasts.say(text);
  expect(shown()).toEqual(['two', 'three', 'four']);
  toasts.clear();
  expect(shown()).toEqual([]);
});

it('whispers what others see without showing it', () => {
  toasts.whisper('Ben: applause');
  expect(toasts.store.state).toEqual({ shown: [], whispered: 'Ben: applause' });
});

it('says why a button did nothing', async () => {
  expect(await toasts.attempt(async () => {})).toBe(true);
  expect(shown()).toEqual([]);
  const refusal = new HyperroomError('forbidden', 'only moderators publish in this room');
  expect(await toasts.attempt(() => Promise.reject(refusal))).toBe(false);
  expect(shown()).toEqual(['That is not allowed: only moderators publish in this room.']);
});

it('leaves no timer to whatever comes after the call', () => {
  toasts.say('Ben left');
  toasts.close();
  expect(vi.getTimerCount()).toBe(0);
});
