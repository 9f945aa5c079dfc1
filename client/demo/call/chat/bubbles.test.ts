import { expect, it } from 'vitest';
import type { ChatMessage, LocalParticipant, RemoteParticipant, Room } from '../../../src/index.ts';
import { bubblesOf } from './bubbles.ts';

const me = { id: 'me', name: 'Ada' } as LocalParticipant;
const ben = { id: 'ben', name: 'Ben' } as RemoteParticipant;
const room = { localParticipant: me, participants: new Map([['ben', ben]]) } as unknown as Room;

let count = 0;
const message = (from: ChatMessage['from'], second: number, to?: string[]): ChatMessage => {
  count += 1;
  return { id: String(count), text: 'Hello', from, name: from?.name, to, sent: new Date(second * 1000) };
};
const headings = (...messages: ChatMessage[]) => bubblesOf(messages, room).map(({ heading }) => heading);

it('gives one heading to what somebody writes in one go', () => {
  expect(headings(message(ben, 0), message(ben, 60), message(me, 70))).toEqual(['Ben', undefined, 'You']);
});

it('begins anew after a while, and for other readers', () => {
  expect(headings(message(ben, 0), message(ben, 120))).toEqual(['Ben', 'Ben']);
  expect(headings(message(ben, 0), message(ben, 1, ['me']))).toEqual(['Ben', 'Ben to you only']);
  expect(headings(message(me, 0, ['ben', 'gone']))).toEqual(['You to Ben, somebody only']);
});

it('names the service that writes without being there', () => {
  expect(headings(message(undefined, 0))).toEqual(['The service']);
});
