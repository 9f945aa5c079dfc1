import { expect, test } from 'vitest';
import { isForUs, isFromOurPage } from './guard.ts';

const PORT = 8081;
const TOKEN = 'unguessable';
const ours = {
  host: `127.0.0.1:${PORT}`,
  origin: `http://127.0.0.1:${PORT}`,
  'sec-fetch-site': 'same-origin',
  'x-operator-token': TOKEN,
};

test.each([`127.0.0.1:${PORT}`, `localhost:${PORT}`])('%s is us', (host) => {
  expect(isForUs({ headers: { host } }, PORT)).toBe(true);
});

test.each(['rebound.example', `rebound.example:${PORT}`, '127.0.0.1:1', undefined])('%s is not', (host) => {
  expect(isForUs({ headers: host === undefined ? {} : { host } }, PORT)).toBe(false);
});

test('our page may break things', () => {
  expect(isFromOurPage({ headers: ours }, PORT, TOKEN)).toBe(true);
});

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:9999' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port, by the browser', { 'sec-fetch-site': 'same-site' }],
  ['no token', { 'x-operator-token': '' }],
  ['a guessed token', { 'x-operator-token': 'unguessablf' }],
])('%s may not', (_, other) => {
  expect(isFromOurPage({ headers: { ...ours, ...other } }, PORT, TOKEN)).toBe(false);
});

test('nor may who says not where it is from', () => {
  const { origin: _, ...anonymous } = ours;
  expect(isFromOurPage({ headers: anonymous }, PORT, TOKEN)).toBe(false);
});
