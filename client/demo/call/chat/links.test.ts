import { expect, it } from 'vitest';
import { pieces } from './links.ts';

const links = (text: string) => pieces(text).flatMap(({ href }) => href ?? []);

it('leaves nothing out, and nothing changed', () => {
  const text = 'See https://example.org/a, then (http://example.org/b).';
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});

it('finds addresses, without what belongs to the sentence', () => {
  expect(links('See https://example.org/a, then (http://example.org/b).')).toEqual([
    'https://example.org/a',
    'http://example.org/b',
  ]);
  expect(links('https://en.wikipedia.org/wiki/Star_(network)')).toEqual([
    'https://en.wikipedia.org/wiki/Star_(network)',
  ]);
});

it('makes a link of nothing that does something', () => {
  expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd https://')).toEqual([]);
  expect(links('<a href="https://example.org/"onclick=x>')).toEqual(['https://example.org/']);
});
