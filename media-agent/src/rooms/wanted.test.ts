import type { SubscriptionChoice } from '@hyperroom/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { newMember } from './state.ts';
import { supplyOf } from './supply.ts';
import { Conference, connection } from './testing.ts';
import { wanted } from './wanted.ts';
import { wishesOf } from './wishes.ts';

let conference: Conference;
const me = newMember('me', 1);

beforeEach(() => {
  conference = new Conference();
  conference.join('me');
  for (const id of ['a', 'b', 'c']) conference.join(id);
});

const supply = () => supplyOf({ roster: conference.roster, members: new Map() });
const names = (member = me, lastN = 7) =>
  wanted(member, { subscribes: true }, supply(), lastN).map(({ participant, name }) => `${participant} ${name}`);
const choosing = (auto: boolean, ...choices: Omit<SubscriptionChoice, 'paused'>[]) => ({
  ...me,
  wishes: wishesOf({ revision: 1, auto, choices: choices.map((choice) => ({ ...choice, paused: [] })) }),
});
const main = (participant: string, subscribed: boolean) => ({ participant, publication: 'main' as const, subscribed });

describe('wanted', () => {
  test('by itself: whoever has been there for longest, and never oneself', () => {
    expect(names()).toEqual(['a main', 'b main', 'c main']);
    expect(names(me, 2)).toEqual(['a main', 'b main']);
  });

  test('screens go first, then those who spoke last', () => {
    conference.speak('c');
    conference.speak('b');
    conference.update('a', [connection('a', 'a-screen', 'screen')]);
    expect(names()).toEqual(['a screen', 'b main', 'c main', 'a main']);
    expect(names(me, 2)).toEqual(['a screen', 'b main']);
  });

  test('what is chosen goes before what is not, and what is refused does not go at all', () => {
    expect(names(choosing(true, main('c', true), main('a', false)), 1)).toEqual(['c main']);
    expect(names(choosing(true, main('c', true), main('a', false)))).toEqual(['c main', 'b main']);
  });

  test('without `auto` only what is chosen', () => {
    expect(names(choosing(false, main('b', true)))).toEqual(['b main']);
  });

  test('nothing for who may not receive, and nothing that its client has closed', () => {
    expect(wanted(me, { subscribes: false }, supply(), 7)).toEqual([]);
    expect(names({ ...me, waived: new Set(['a@2 main']) })).toEqual(['b main', 'c main']);
  });

  test('what is published anew keeps its place', () => {
    conference.update('a', [connection('a', 'a-pub2', 'main')]);
    expect(names()).toEqual(['a main', 'b main', 'c main']);
  });
});
