import { beforeEach, expect, it } from 'vitest';
import { resultReply } from './envelope.ts';
import { ReplyCache } from './reply-cache.ts';

let now: number;
let cache: ReplyCache;

beforeEach(() => {
  now = 0;
  cache = new ReplyCache(() => now);
});

it('keeps the first reply of a session and id for 20 s', () => {
  const first = resultReply(1, { value: 'first' });
  cache.add('s', 1, first);
  cache.add('s', 1, resultReply(1, { value: 'second' }));
  now = 19_999;
  expect(cache.find('s', 1)).toBe(first);
  now = 20_000;
  expect(cache.find('s', 1)).toBeUndefined();
});

it('tells sessions and ids apart, but not a number from its text', () => {
  const reply = resultReply(1, {});
  cache.add('s', 1, reply);
  expect(cache.find('other', 1)).toBeUndefined();
  expect(cache.find('s', 2)).toBeUndefined();
  expect(cache.find('s', '1')).toBe(reply);
});
