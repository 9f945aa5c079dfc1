import { expect, test } from 'vitest';
import { destinationOf } from './destination.ts';

const encoded = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const tokenOf = (claims: object) => `${encoded({ alg: 'HS256' })}.${encoded(claims)}.signature`;

test('a socket is opened with the token, which says when it is good no longer', () => {
  const token = tokenOf({ sub: 'user://example.org/ada???>>>', exp: 1_800_000_000 });
  const { url, expires } = destinationOf('wss://example.org/live?x=1', token);
  expect(url()).toBe(`wss://example.org/live?x=1&token=${token}`);
  expect(expires).toBe(1_800_000_000_000);
});

test.each([[undefined], ['a token'], ['a.b.c'], [tokenOf({})], [tokenOf({ exp: 'soon' })]])(
  'what says no such thing is good: %s',
  (token) => {
    expect(destinationOf('wss://example.org/', token).expires).toBe(Number.POSITIVE_INFINITY);
  },
);

test('each socket is opened with a token of its own, where there are others', async () => {
  let given = 0;
  const { url, expires } = destinationOf('wss://example.org/', async () => `token-${++given}`);
  expect(await url()).toBe('wss://example.org/?token=token-1');
  expect(await url()).toBe('wss://example.org/?token=token-2');
  expect(expires).toBe(Number.POSITIVE_INFINITY);
});
