import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomState } from '../room-state.ts';
import { apply } from './apply.ts';
import type { RoomEvent } from './events.ts';
import { aChange, after, aJoin, aStay, byModerator, change, history, NOW, ROOM, socketOf } from './rules.testing.ts';

const outcome = (room: Parameters<typeof apply>[0], event: RoomEvent) => apply(room, event, ROOM, NOW);
const ada = after(undefined, aJoin('ada'));
const both = after(ada, aJoin('bob'));
const roomAfter = (room: RoomState | undefined, event: RoomEvent) => {
  const result = outcome(room, event);
  if (result.kind !== 'changed') return room;
  return result.destroyed ? undefined : result.room;
};
const vanish = (id: string): RoomEvent => ({ type: 'vanish', id, connectionId: socketOf(id) });

describe('going', () => {
  it('because a join has failed does not touch who has said it again where the room is by now', () => {
    const moved = after(both, { type: 'move', incarnation: 'first', epoch: 1, from: both.node, node: 'another' });
    const failed: RoomEvent = {
      type: 'leave',
      id: 'bob',
      stay: { incarnation: 'first', epoch: 1, admitted: 2, node: both.node },
      onlyIfDisconnected: false,
    };
    expect(after(moved, failed).members.bob).toBeUndefined();
    expect(outcome(after(moved, aJoin('bob')), failed).kind).toBe('unchanged');
  });

  it('destroys the room with its last participant only', () => {
    expect(change(both, { type: 'leave', id: 'bob' }).destroyed).toBe(false);
    expect(change(ada, { type: 'leave', id: 'ada' }).destroyed).toBe(true);
  });

  it('is a deletion to who observes', () => {
    expect(change(both, { type: 'leave', id: 'bob' }).updates).toEqual([{ version: 3, attribute: 'participants.bob' }]);
  });

  it('lets nobody leave for another connection', () => {
    expect(outcome(both, { type: 'leave', id: 'bob', connectionId: 'not-bobs' }).kind).toBe('unchanged');
    expect(outcome(both, { type: 'vanish', id: 'bob', connectionId: 'old' }).kind).toBe('unchanged');
  });

  it('ends a departure grace only while the socket is gone', () => {
    const over: RoomEvent = { type: 'leave', id: 'bob', stay: aStay(both, 'bob'), onlyIfDisconnected: true };
    expect(outcome(both, over).kind).toBe('unchanged');
    const vanished = after(both, vanish('bob'));
    expect(vanished.members.bob?.status).toBe('disconnected');
    expect(outcome(vanished, over).kind).toBe('changed');
  });

  const stay = aStay(both, 'bob');
  const elsewhere = [
    { ...stay, epoch: 2 },
    { ...stay, node: 'hyperty://localhost/foreign-node' },
  ];

  it.each([
    { ...stay, admitted: stay.admitted - 1 },
    { ...stay, incarnation: 'earlier' },
  ])('does not take a report of an earlier stay or room for this one: %j', (stay) =>
    expect(outcome(both, { type: 'leave', id: 'bob', stay }).kind).toBe('unchanged'),
  );

  it('ends a stay that was refused, though the room has moved since; nobody else’s node can say so', () => {
    const refused: RoomEvent = { type: 'leave', id: 'bob', stay, onlyIfDisconnected: false };
    expect(outcome(both, refused).kind).toBe('changed');
    expect(outcome({ ...both, epoch: 2, node: 'hyperty://localhost/media-2' }, refused).kind).toBe('changed');
    for (const foreign of elsewhere) expect(outcome(both, { ...refused, stay: foreign }).kind).toBe('unchanged');
  });

  it.each(elsewhere)('is for the node of this epoch to say of who gives no sign of life: %j', (stay) => {
    const silent: RoomEvent = { type: 'leave', id: 'bob', stay, connectionId: socketOf('bob') };
    expect(outcome(both, silent).kind).toBe('unchanged');
    expect(outcome(both, { ...silent, stay: aStay(both, 'bob') }).kind).toBe('changed');
  });

  it('takes nobody away for a connection that he has left behind', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (events, onlyIfDisconnected) => {
        const room = events.reduce<RoomState | undefined>(roomAfter, undefined);
        for (const [id, { connectionId }] of Object.entries(room?.members ?? {})) {
          const stay = room && aStay(room, id);
          const earlier: RoomEvent = {
            type: 'leave',
            id,
            ...(stay && { stay }),
            connectionId: 'earlier',
            onlyIfDisconnected,
          };
          expect(outcome(room, earlier).kind).toBe('unchanged');
          const present = outcome(room, { ...earlier, connectionId });
          expect(present.kind).toBe(
            onlyIfDisconnected && room?.members[id]?.status === 'live' ? 'unchanged' : 'changed',
          );
        }
      }),
    );
  });
});

describe('the last moderator', () => {
  const three = after(both, aJoin('cyd'));

  it.each<[string, RoomEvent]>([
    ['leaves', { type: 'leave', id: 'ada' }],
    ['is removed', { type: 'moderate', moderation: { action: 'remove', participant: 'ada', reason: undefined } }],
  ])('hands over, when it %s, to who is longest there', (_, event) => {
    const gone = change(three, event);
    expect(gone.room.members.bob?.role).toBe('moderator');
    expect(gone.updates.map(({ version, attribute }) => [version, attribute])).toEqual([
      [4, 'participants.ada'],
      [5, 'participants.bob'],
    ]);
  });

  it('prefers who has a socket', () => {
    const away = after(three, vanish('bob'), { type: 'leave', id: 'ada' });
    expect(away.members).toMatchObject({ bob: { role: 'participant' }, cyd: { role: 'moderator' } });
  });

  it('is not the last while there is another', () => {
    const appointed = after(three, byModerator('ada', { action: 'appoint', participant: 'cyd', role: 'moderator' }));
    expect(after(appointed, { type: 'leave', id: 'ada' }).members.bob?.role).toBe('participant');
  });

  it('of a back end’s room has no heir', () => {
    const room = after(
      undefined,
      { type: 'create', options: {}, incarnation: 'made', node: 'its node' },
      aJoin('ada', { moderates: true }),
      aJoin('bob'),
      { type: 'leave', id: 'ada' },
    );
    expect(room.members.bob?.role).toBe('participant');
  });
});

describe('who speaks', () => {
  it('is no speaker any more when it has left', () => {
    const listener = aJoin('cyd', { publishing: {} });
    const crowd = after(undefined, aJoin('ada', { options: { lastN: 1 } }), aJoin('bob'), listener);
    const gone = change(after(crowd, aChange('bob', { speaking: true })), { type: 'leave', id: 'bob' });
    expect(gone.room.speakers).toEqual([]);
    expect(gone.updates.map(({ attribute }) => attribute)).toEqual(['participants.bob', 'speakers']);
  });
});

describe('who waits', () => {
  const room = after(undefined, aJoin('ada', { options: { waitingRoom: true } }), aJoin('bob'));

  it.each<RoomEvent>([vanish('bob'), { type: 'leave', id: 'bob', connectionId: socketOf('bob') }])(
    'stops by %j',
    (event) => {
      expect(change(room, event).updates).toEqual([{ version: 3, attribute: 'waiting.bob' }]);
    },
  );

  it('is not sent away by another’s socket', () => {
    expect(outcome(room, { type: 'vanish', id: 'bob', connectionId: 'other' }).kind).toBe('unchanged');
  });

  it('is forgotten unseen once it has been admitted', () => {
    const admitted = after(room, byModerator('ada', { action: 'admit', participant: 'bob' }));
    const gone = change(admitted, vanish('bob'));
    expect(gone).toMatchObject({ updates: [], room: { version: admitted.version, waiting: {} } });
  });

  it('hears of the end of the room', () => {
    const end = change(room, { type: 'leave', id: 'ada' });
    expect(end.notices).toMatchObject([{ connectionId: socketOf('bob'), said: 'ended' }]);
  });
});

describe('an empty room', () => {
  const empty = after(undefined, aJoin('ada', { options: { emptyTimeout: 60 } }), { type: 'leave', id: 'ada' });
  const expire: RoomEvent = {
    type: 'expire',
    incarnation: 'first',
    epoch: 1,
    node: empty.node,
    version: empty.version,
  };

  it('lasts as long as it was made to', () => {
    expect(empty).toMatchObject({ version: 2, members: {}, emptyUntil: Date.parse(NOW) + 60_000 });
    const joined = after(empty, aJoin('bob', { incarnation: 'another' }));
    expect(joined).toMatchObject({ version: 3, incarnation: 'first', emptyUntil: undefined });
    expect(joined.members.bob?.role).toBe('moderator');
  });

  it('ends when its node says that its time is over, and nobody has been there since', () => {
    expect(change(empty, expire)).toMatchObject({ destroyed: true, updates: [] });
    for (const other of [{ version: 1 }, { incarnation: 'other' }, { epoch: 2 }, { node: 'another' }]) {
      expect(outcome(empty, { ...expire, ...other }).kind).toBe('unchanged');
    }
    expect(outcome(after(empty, aJoin('bob')), { ...expire, version: 3 }).kind).toBe('unchanged');
  });
});
