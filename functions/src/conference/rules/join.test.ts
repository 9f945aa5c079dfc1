import { Code, type RoomOptions } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import { apply } from './apply.ts';
import type { RoomEvent } from './events.ts';
import { FIRST_ARRIVAL } from './join.ts';
import { after, aJoin, aUser, byModerator, change, NOW, ROOM, socketOf, withoutOptions } from './rules.testing.ts';

const outcome = (room: Parameters<typeof apply>[0], event: RoomEvent) => apply(room, event, ROOM, NOW);
const aRoom = (options: RoomOptions = {}) => after(undefined, aJoin('ada', { options }));

/** Of a user with a token. */
const asUser = (id: string, user: string) => aJoin(id, { member: { user: aUser(user) } });

describe('a join', () => {
  it('creates the room as it was asked for, with its first participant as moderator', () => {
    const room = aRoom({ capacity: 3, metadata: { topic: 'tests' } });
    expect(room).toMatchObject({ version: 1, options: { capacity: 3, lastN: 7 }, metadata: { topic: 'tests' } });
    expect(room.members.ada).toMatchObject({ role: 'moderator', admitted: 1, publications: { main: { since: 1 } } });
  });

  it('leaves a room that exists as it is', () => {
    const first = aRoom({ capacity: 3 });
    const second = after(
      first,
      aJoin('bob', { options: { capacity: 9, locked: true }, incarnation: 'other', node: 'x' }),
    );
    expect(second).toMatchObject({ incarnation: first.incarnation, node: first.node, options: first.options });
    expect(second).toMatchObject({ version: 2, members: { bob: { role: 'participant', admitted: 2 } } });
  });

  it('is told apart from its own repetition', () => {
    const join = aJoin('ada');
    const room = after(undefined, join);
    expect(outcome(room, join)).toEqual({ kind: 'unchanged', room });
    expect(outcome(room, aJoin('ada', { member: { joinedBy: 'another' } }))).toMatchObject({ code: Code.conflict });
  });

  it('is the same, said on another socket by who lost the first before it was answered', () => {
    const first = aJoin('ada');
    const later = aJoin('ada', { member: { connectionId: 'later', opened: 2 } });
    const vanished = after(undefined, first, { type: 'vanish', id: 'ada', connectionId: socketOf('ada') });
    for (const room of [after(undefined, first), vanished]) {
      expect(after(room, later).members.ada).toMatchObject({ connectionId: 'later', status: 'live', admitted: 1 });
    }
    const late = outcome(after(undefined, later), first);
    expect(late, 'what was sent first arrives last').toMatchObject({ code: Code.conflict });
  });

  it('of a moderator by token makes a moderator', () => {
    expect(after(aRoom(), aJoin('bob', { moderates: true })).members.bob?.role).toBe('moderator');
  });

  it('is not fooled by what every object inherits', () => {
    expect(change(aRoom(), aJoin('constructor')).room.members).toHaveProperty('constructor');
  });
});

describe('a join is refused', () => {
  const banned = after(
    aRoom(),
    asUser('bob', 'bob'),
    byModerator('ada', { action: 'remove', participant: 'bob', reason: 'noise' }),
  );

  it.each<[string, ReturnType<typeof aRoom> | undefined, RoomEvent, object]>([
    ['where there is no room and none is wanted', undefined, withoutOptions(aJoin('bob')), { code: Code.notFound }],
    ['where there is no media node for a new room', undefined, aJoin('bob', { node: '' }), { code: Code.noMediaNode }],
    ['to the hyperty that was removed', banned, aJoin('bob'), { code: Code.forbidden }],
    ['to the user that was removed', banned, asUser('bob2', 'bob'), { code: Code.forbidden }],
    ['by a locked room', aRoom({ locked: true }), aJoin('bob'), { code: Code.locked }],
    ['by a full one', aRoom({ capacity: 1 }), aJoin('bob'), { code: Code.full }],
    [
      'to who publishes where moderators do',
      aRoom({ publishers: 'moderators' }),
      aJoin('bob'),
      { code: Code.forbidden, description: 'only moderators publish in this room' },
    ],
    [
      'to an offer without the room’s codec',
      aRoom({ codec: 'H264' }),
      aJoin('bob', { codecs: ['VP8'] }),
      { code: Code.notAcceptable, details: { codec: 'H264' } },
    ],
    ['to too much metadata', aRoom(), aJoin('bob', { member: { metadata: { x: 'y'.repeat(1100) } } }), { code: 400 }],
  ])('%s', (_, room, join, refusal) => {
    expect(outcome(room, join)).toMatchObject({ kind: 'refused', ...refusal });
  });

  it('never to a moderator for the lock, nor to who only listens for what it does not publish', () => {
    expect(outcome(aRoom({ locked: true }), aJoin('bob', { moderates: true })).kind).toBe('changed');
    const { codecs: _, ...listener } = aJoin('bob', { publishing: {} });
    expect(outcome(aRoom({ publishers: 'moderators', codec: 'H264' }), listener).kind).toBe('changed');
  });

  it('in this order: removed, locked, waiting, there already, full', () => {
    const options = { locked: true, waitingRoom: true, identities: 'reject', capacity: 1 } as const;
    let room = after(undefined, aJoin('ada', { options, member: { user: aUser('ada') } }));
    const join = asUser('bob', 'ada');
    expect(outcome({ ...room, banned: [aUser('ada')] }, join)).toMatchObject({ code: Code.forbidden });
    expect(outcome(room, join)).toMatchObject({ code: Code.locked });
    room = after(room, byModerator('ada', { action: 'change', changes: { locked: false } }));
    expect(after(room, join).waiting).toHaveProperty('bob');
    room = after(room, byModerator('ada', { action: 'change', changes: { waitingRoom: false } }));
    expect(outcome(room, join)).toMatchObject({ code: Code.conflict });
    expect(outcome(room, aJoin('bob'))).toMatchObject({ code: Code.full });
  });
});

describe('a waiting room', () => {
  const room = aRoom({ waitingRoom: true });
  const waiting = change(room, aJoin('bob'));

  it('is seen by everybody, and takes nobody in twice', () => {
    expect(waiting.updates).toEqual([
      { version: 2, attribute: 'waiting.bob', value: expect.objectContaining({ since: NOW }) },
    ]);
    expect(JSON.stringify(waiting.updates)).not.toContain(socketOf('bob'));
    expect(outcome(waiting.room, aJoin('bob', { member: { joinedBy: 'again' } })).kind).toBe('unchanged');
  });

  it('does not hold its creator up, nor a moderator', () => {
    expect(Object.keys(room.members)).toEqual(['ada']);
    expect(after(room, aJoin('cyd', { moderates: true })).members).toHaveProperty('cyd');
  });

  it('lets in whom a moderator admits, lock or not, once', () => {
    const admitted = change(waiting.room, byModerator('ada', { action: 'admit', participant: 'bob' }));
    expect(admitted.updates).toEqual([{ version: 3, attribute: 'waiting.bob' }]);
    expect(admitted.notices).toMatchObject([{ hypertyURL: 'hyperty://localhost/bob', said: 'admitted' }]);
    const locked = after(admitted.room, byModerator('ada', { action: 'change', changes: { locked: true } }));
    const inside = after(locked, aJoin('bob', { member: { joinedBy: 'again' } }));
    expect(inside).toMatchObject({ members: { bob: { admitted: 5 } }, waiting: {} });
    const left = after(inside, { type: 'leave', id: 'bob' });
    expect(outcome(left, aJoin('bob'))).toMatchObject({ code: Code.locked });
  });

  it('admits a user, not whoever calls himself by the same address', () => {
    const admitted = after(waiting.room, byModerator('ada', { action: 'admit', participant: 'bob' }));
    const impostor = change(admitted, aJoin('bob', { member: { user: aUser('mallory'), connectionId: 'other' } }));
    expect(impostor.room.members).not.toHaveProperty('bob');
    expect(impostor.room.waiting.bob).toMatchObject({ admitted: false, connectionId: 'other' });
  });

  it('lets everybody in when it is closed', () => {
    const open = change(waiting.room, byModerator('ada', { action: 'change', changes: { waitingRoom: false } }));
    expect(open.notices).toMatchObject([{ said: 'admitted' }]);
    expect(open.updates.map(({ attribute }) => attribute)).toEqual(['options', 'waiting.bob']);
  });

  it('has an end: a hundred may wait', () => {
    const many = Array.from({ length: 100 }, (_, n) => aJoin(`knocks-${n}`));
    expect(outcome(after(room, ...many), aJoin('bob'))).toMatchObject({ code: Code.full });
  });
});

describe('a user that is there already', () => {
  const user = (id: string, changes = {}) => aJoin(id, { member: { user: aUser('ada') }, ...changes });
  const both = (options: RoomOptions = {}) => after(undefined, user('ada', { options }), aJoin('bob'));

  it('is replaced in one change by itself, with its role and what a moderator has muted', () => {
    const blocked = after(both(), byModerator('ada', { action: 'block', participant: 'ada', sources: ['camera'] }));
    const again = change(blocked, user('ada2'));
    expect(again.room.members.ada2).toMatchObject({ role: 'moderator', blocked: ['camera'], admitted: 5 });
    expect(again.updates.map(({ attribute, version }) => [version, attribute])).toEqual([
      [4, 'participants.ada'],
      [5, 'participants.ada2'],
    ]);
    expect(again.notices).toMatchObject([{ connectionId: socketOf('ada'), said: 'replaced' }]);
    expect(again.room.members.bob?.role).toBe('participant');
  });

  it('takes no second place', () => {
    expect(outcome(both({ capacity: 2 }), user('ada2')).kind).toBe('changed');
  });

  it('is refused where the room says so, unless the first has lost its socket', () => {
    const room = both({ identities: 'reject' });
    expect(outcome(room, user('ada2'))).toMatchObject({ code: Code.conflict });
    const away = after(room, { type: 'vanish', id: 'ada', connectionId: socketOf('ada') });
    expect(change(away, user('ada2')).room.members).not.toHaveProperty('ada');
  });

  it('is nobody’s namesake without a token', () => {
    const room = after(undefined, aJoin('ada'), aJoin('bob', { member: { name: 'ada' } }));
    expect(Object.keys(room.members)).toEqual(['ada', 'bob']);
  });
});

describe('a room of a back end', () => {
  const create: RoomEvent = { type: 'create', options: { capacity: 2 }, incarnation: 'made', node: 'its node' };
  const room = after(undefined, create);

  it('waits for its first participant', () => {
    expect(room).toMatchObject({ version: 1, members: {}, emptyUntil: Date.parse(NOW) + FIRST_ARRIVAL });
    expect(outcome(room, create)).toMatchObject({ code: Code.conflict });
  });

  it('has no moderators but by token, and moves to a node that is there', () => {
    const joined = after(room, withoutOptions(aJoin('ada')));
    expect(joined).toMatchObject({ node: 'hyperty://localhost/media-1', emptyUntil: undefined });
    expect(joined.members.ada?.role).toBe('participant');
    expect(after(joined, aJoin('bob', { moderates: true })).members.bob?.role).toBe('moderator');
  });

  it('is as good as none when its time is over', () => {
    const late = new Date(Date.parse(NOW) + FIRST_ARRIVAL).toISOString();
    expect(apply(room, withoutOptions(aJoin('ada')), ROOM, late)).toMatchObject({ code: Code.notFound });
    expect(change(room, aJoin('ada'), late)).toMatchObject({ before: undefined, room: { version: 1, hosted: false } });
  });
});
