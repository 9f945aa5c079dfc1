import { expect, it } from 'vitest';
import { hostCandidate, parseCandidate, reflexiveCandidate } from './candidates.ts';

it('reads a browser’s candidate and drops its extensions', () => {
  const text = 'candidate:42 1 udp 2122194687 127.0.0.1 5000 typ host generation 0 ufrag x network-cost 50';
  expect(parseCandidate(text)).toEqual({
    address: ['127.0.0.1', 5000],
    line: 'candidate:42 1 UDP 2122194687 127.0.0.1 5000 typ host',
  });
});

it('passes over what it cannot use', () => {
  const rest = '2122260223 127.0.0.1 5000 typ host';
  expect(parseCandidate('')).toBeUndefined();
  expect(parseCandidate('garbage')).toBeUndefined();
  expect(parseCandidate(`candidate:1 1 tcp ${rest}`)).toBeUndefined();
  expect(parseCandidate('candidate:1 1 udp 2122260223 f00d.local 5000 typ host')).toBeUndefined();
});

it('writes candidates that it can read', () => {
  expect(parseCandidate(hostCandidate('127.0.0.1', 9))?.address).toEqual(['127.0.0.1', 9]);
  expect(parseCandidate(reflexiveCandidate(['127.0.0.1', 9]))?.line).toContain('typ prflx');
});
