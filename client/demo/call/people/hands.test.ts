import { expect, it } from 'vitest';
import type { LocalParticipant, RemoteParticipant } from '../../../src/index.ts';
import { handsOf, isRaised, LOWERED, raised } from './hands.ts';

it('keeps the order in which hands were raised', () => {
  const localParticipant = { id: 'me', metadata: raised(2000) } as unknown as LocalParticipant;
  const other = (id: string, metadata: object) => [id, { id, metadata } as unknown as RemoteParticipant] as const;
  const participants = new Map([other('ben', raised(10_000)), other('cleo', {}), other('dana', raised(1999))]);
  expect(handsOf({ localParticipant, participants }).map(({ id }) => id)).toEqual(['dana', 'me', 'ben']);
});

it('is a word that is taken back', () => {
  expect(isRaised(Object.fromEntries(Object.entries(raised(1))))).toBe(true);
  expect(Object.keys(LOWERED)).toEqual(Object.keys(raised(1)));
});
