import { changesOf, childrenOf, domainAddresses, type Message } from '@hyperroom/protocol';
import { expect, test } from 'vitest';
import { aParticipant, aRoom } from './room.testing.ts';
import { RoomCheck } from './room-check.ts';
import { WireCheck } from './wire-check.ts';

const at = domainAddresses('d');
const me = at.hyperty('me');
const room = at.room('room');
const asked = (type: string, to = at.conference): Message => ({ id: 1, type, from: me, to });
const answer = (body: Record<string, unknown>, from = at.conference) => ({
  id: 1,
  type: 'response',
  from,
  to: me,
  body,
});
const pushed = (type: string, body: Record<string, unknown>, from = at.conference, to = me) => ({
  id: 2,
  type,
  from,
  to,
  body,
});
const update = (version: number, attribute: string, value?: unknown) =>
  pushed('update', { version, source: at.conference, attribute, value }, room, changesOf(room));

function checkOf(...requests: Message[]): WireCheck {
  const check = new WireCheck(at);
  for (const request of requests) check.sent(request);
  return check;
}

const joined = { code: 200, value: aRoom(3, { participants: { me: aParticipant('me', []) } }), connections: [] };
const data = { id: 'a', topic: 'chat', data: 'hi', sent: '2026-01-01' };
const unasked = checkOf();

test.each([
  ['an answer to a join', checkOf(asked('create')), answer(joined)],
  ['a wait', checkOf(asked('create')), answer({ code: 202, waiting: true })],
  ['a refusal', checkOf(asked('create')), answer({ code: 486, description: 'the room is full' })],
  ['a refusal that passes', checkOf(asked('create')), answer({ code: 429, retryAfter: 2 })],
  ['a grant', checkOf(asked('execute')), answer({ code: 200 })],
  ['an answer to whom nobody knows', unasked, answer({ code: 200 })],
  ['a dismissal', unasked, pushed('delete', { resource: room, reason: 'removed' })],
  ['data', unasked, pushed('create', { resource: 'a', value: data }, childrenOf(room), childrenOf(room))],
  ['what is between hyperties', unasked, pushed('update', { any: 'thing' }, at.hyperty('b'))],
])('%s fits', (_, check, message) => {
  expect(check.misfit(message)).toBeUndefined();
});

test.each([
  ['no message', unasked, { id: 1, type: 'update' }],
  ['a join without its room', checkOf(asked('create')), answer({ ...joined, value: { version: 3 } })],
  ['a join without connections', checkOf(asked('create')), answer({ code: 200, value: joined.value })],
  ['a stay without messages', checkOf(asked('re-open')), answer({ code: 200, value: joined.value })],
  ['offers without an answer', checkOf(asked('update')), answer({ code: 200 })],
  ['a refusal without a codec', checkOf(asked('create')), answer({ code: 488, description: 'VP8' })],
  ['a refusal that passes some day', checkOf(asked('create')), answer({ code: 429, retryAfter: 'soon' })],
  ['data of nothing', unasked, pushed('create', { resource: 'a', value: {} }, childrenOf(room), childrenOf(room))],
  ['a dismissal without a reason', unasked, pushed('delete', { resource: room })],
  ['history that is none', checkOf(asked('read', childrenOf(room))), answer({ code: 200 }, childrenOf(room))],
])('%s does not', (_, check, message) => {
  expect(check.misfit(message)).toBeTypeOf('string');
});

test('a room is followed: each update leaves it one', () => {
  const check = new RoomCheck();
  expect(check.misfit(answer(joined))).toBeUndefined();
  expect(check.misfit(update(4, 'participants.b', aParticipant('b', ['main'])))).toBeUndefined();
  expect(check.misfit(update(6, 'participants.b.role'))).toBeUndefined();
  expect(check.misfit(update(5, 'speakers', ['b']))).toContain('role');
});
