import { expect, it } from 'vitest';
import { NO_SEATS, seated } from './seats.ts';

const QUIET = { large: [], speaking: [], visible: 3 };
const ALL = ['me', 'ben', 'cleo', 'dana', 'emil'];
const SEATS = seated(NO_SEATS, { ...QUIET, present: ALL });

it('gives places in the order of coming, and takes none away when somebody goes', () => {
  expect(SEATS.order).toEqual(ALL);
  expect(seated(SEATS, { ...QUIET, present: ['me', 'cleo', 'dana', 'emil', 'fatima'] }).order).toEqual([
    'me',
    'cleo',
    'dana',
    'emil',
    'fatima',
  ]);
});

it('leaves a speaker who can be seen where he is', () => {
  expect(seated(SEATS, { ...QUIET, present: ALL, speaking: ['cleo'] }).order).toEqual(ALL);
});

it('has who speaks out of sight change places with who has been silent for the longest', () => {
  const heard = seated(SEATS, { ...QUIET, present: ALL, speaking: ['cleo'] });
  const swapped = seated(heard, { ...QUIET, present: ALL, speaking: ['emil'] });
  expect(swapped.order).toEqual(['me', 'emil', 'cleo', 'dana', 'ben']);
  const again = seated(swapped, { ...QUIET, present: ALL, speaking: ['dana'] });
  expect(again.order).toEqual(['me', 'emil', 'dana', 'cleo', 'ben']);
});

it('moves neither oneself nor anybody who speaks as well', () => {
  const all = seated(SEATS, { ...QUIET, present: ALL, speaking: ['ben', 'cleo', 'dana'] });
  expect(all.order).toEqual(ALL);
});

it('does not count those who are shown large', () => {
  const { order } = seated(SEATS, { present: ALL, large: ['ben'], speaking: ['dana'], visible: 3 });
  expect(order).toEqual(ALL);
});
