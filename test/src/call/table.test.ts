import { expect, it } from 'vitest';
import { columns, LiveTable } from './table.ts';

it('aligns the first column to the left, the others to the right', () => {
  expect(
    columns([
      ['stream', 'kB'],
      ['Ada → Ben', '1234'],
    ]),
  ).toBe('  stream       kB\n  Ada → Ben  1234\n');
});

function output(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { written, table: new LiveTable(stream as unknown as NodeJS.WriteStream) };
}

it('draws over the table before it on a terminal', () => {
  const { written, table } = output(true);
  table.draw('one\ntwo\n');
  table.draw('three\nfour\n');
  table.end();
  expect(written).toEqual(['one\ntwo\n', '\x1b[2A\x1b[Jthree\nfour\n']);
});

it('writes only the last table elsewhere', () => {
  const { written, table } = output(false);
  table.draw('one\n');
  table.draw('two\n');
  table.end();
  expect(written).toEqual(['two\n']);
});
