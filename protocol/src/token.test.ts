import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversRoom } from './token.ts';

describe('a grant for a room', () => {
  it.each([
    ['standup', 'standup', true],
    ['standup', 'standup2', false],
    ['team-*', 'team-a', true],
    ['team-*', 'a-team-a', false],
    ['*', 'anything', true],
    ['a.c', 'abc', false],
    ['', 'standup', false],
  ])('%s covers %s: %s', (pattern, room, covered) => expect(coversRoom(pattern, room)).toBe(covered));

  it('without a star covers itself and nothing else', () => {
    const name = fc.string().filter((text) => !text.includes('*') && !text.includes('\n'));
    fc.assert(fc.property(name, name, (pattern, room) => coversRoom(pattern, room) === (pattern === room)));
  });

  it('with a star covers every filling', () => {
    const name = fc.stringMatching(/^[\w.~-]*$/);
    fc.assert(fc.property(name, name, name, (a, filling, b) => coversRoom(`${a}*${b}`, a + filling + b)));
  });
});
