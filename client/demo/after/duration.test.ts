import { expect, test } from 'vitest';
import { durationOf } from './duration.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [0, 'less than a minute'],
  [29 * SECOND, 'less than a minute'],
  [40 * SECOND, '1 minute'],
  [12 * MINUTE, '12 minutes'],
  [59 * MINUTE + 40 * SECOND, '1 hour'],
  [HOUR + MINUTE, '1 hour and 1 minute'],
  [2 * HOUR + 5 * MINUTE, '2 hours and 5 minutes'],
])('%i milliseconds are %s', (milliseconds, words) => {
  expect(durationOf(milliseconds)).toBe(words);
});
