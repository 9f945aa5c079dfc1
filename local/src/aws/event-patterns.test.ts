import { expect, test } from 'vitest';
import { matchesPattern, parsePattern } from './event-patterns.ts';

const event = { source: 'hyperroom', 'detail-type': 'participant.joined' };

test.each([
  [{ source: ['hyperroom'] }, true],
  [{ source: ['other', 'hyperroom'] }, true],
  [{ source: ['hyper'] }, false],
  [{ source: [] }, false],
  [{ source: [{ prefix: 'hyper' }] }, true],
  [{ 'detail-type': [{ prefix: 'room.' }] }, false],
  [{ source: ['hyperroom'], 'detail-type': ['room.started', { prefix: 'participant.' }] }, true],
  [{ source: ['other'], 'detail-type': ['participant.joined'] }, false],
])('%j: %s', (pattern, matches) => {
  expect(matchesPattern(parsePattern(pattern), event)).toBe(matches);
});

test.each([
  undefined,
  { detail: { room: ['a'] } },
  { account: ['000000000000'] },
  { source: 'hyperroom' },
  { source: [{ suffix: 'room' }] },
  { source: [{ 'anything-but': ['other'] }] },
  { source: [{ prefix: { 'equals-ignore-case': 'HYPER' } }] },
  { source: [null] },
])('%j is refused', (pattern) => {
  expect(() => parsePattern(pattern)).toThrow(expect.objectContaining({ code: 'template-unsupported' }));
});
