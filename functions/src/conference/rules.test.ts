import { Code } from '@hyperroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomState } from './room-state.ts';
import { aJoin, aStay, NOW, ROOM, roomEvent } from './rules.testing.ts';
import { apply, audience, type Outcome, type RoomEvent, updateOf } from './rules.ts';

function after(room: RoomState | undefined, event: RoomEvent): RoomState {
  const outcome = apply(room, event, ROOM, NOW);
  if (outcome.kind !== 'changed') throw new Error(`expected a change, got ${JSON.stringify(outcome)}`);
  return outcome.room;
}

describe('joining', () => {
  it('creates the room with the first participant and keeps its options', () => {
    const room = after(undefined, aJoin('ada', { options: { capacity: 3 }, node: 'hyperty://localhost/media-1' }));
    expect(room).toMatchObject({ version: 1, capacity: 3, node: 'hyperty://localhost/media-1' });
    expect(room.members.ada?.admitted).toBe(1);
  });

  it('refuses a room that does not exist and is not to be created', () => {
    const { options: _, ...event } = aJoin('ada');
    expect(apply(undefined, event, ROOM, NOW)).toMatchObject({ kind: 'refused', code: Code.notFound });
  });

  it('keeps the incarnation, node and capacity of a room that exists', () => {
    const first = after(undefined, aJoin('ada', { options: { capacity: 3 } }));
    const second = after(first, aJoin('bob', { options: { capacity: 9 }, incarnation: 'other', node: 'elsewhere' }));
    expect(second).toMatchObject({ incarnation: first.incarnation, node: first.node, capacity: 3, version: 2 });
  });

  it('refuses one too many', () => {
    const room = after(undefined, aJoin('ada', { options: { capacity: 1 } }));
    expect(apply(room, aJoin('bob'), ROOM, NOW)).toMatchObject({ kind: 'refused', code: Code.full });
  });

  it('tells a repeated join from a second one', () => {
    const join = aJoin('ada');
    const room = after(undefined, join);
    expect(apply(room, join, ROOM, NOW)).toEqual({ kind: 'unchanged', room });
    const again: RoomEvent = { ...join, member: { ...join.member, joinedBy: 'another message' } };
    expect(apply(room, again, ROOM, NOW)).toMatchObject({ kind: 'refused', code: Code.conflict });
  });
});

describe('going', () => {
  const ada = after(undefined, aJoin('ada'));
  const both = after(ada, aJoin('bob'));

  it('destroys the room with its last participant only', () => {
    expect(apply(both, { type: 'leave', id: 'bob' }, ROOM, NOW)).toMatchObject({ kind: 'changed', destroyed: false });
    expect(apply(ada, { type: 'leave', id: 'ada' }, ROOM, NOW)).toMatchObject({ kind: 'changed', destroyed: true });
  });

  it('lets nobody leave for another connection', () => {
    const leave: RoomEvent = { type: 'leave', id: 'bob', connectionId: 'not-bobs' };
    expect(apply(both, leave, ROOM, NOW)).toEqual({ kind: 'unchanged', room: both });
  });

  it('ends a departure grace only while the socket is gone', () => {
    const expire: RoomEvent = { type: 'leave', id: 'bob', stay: aStay(both, 'bob'), onlyIfDisconnected: true };
    expect(apply(both, expire, ROOM, NOW).kind).toBe('unchanged');
    const vanished = after(both, { type: 'vanish', id: 'bob', connectionId: 'socket-of-bob' });
    expect(vanished.members.bob?.status).toBe('disconnected');
    expect(apply(vanished, expire, ROOM, NOW).kind).toBe('changed');
  });

  it('does not take a report of an earlier stay, room or node for this one', () => {
    const stay = aStay(both, 'bob');
    for (const other of [
      { ...stay, admitted: stay.admitted - 1 },
      { ...stay, incarnation: 'earlier' },
      { ...stay, node: 'hyperty://localhost/foreign-node' },
    ]) {
      expect(apply(both, { type: 'leave', id: 'bob', stay: other }, ROOM, NOW).kind).toBe('unchanged');
      expect(apply(both, { type: 'media', id: 'bob', stay: other, media: 'failed' }, ROOM, NOW).kind).toBe('unchanged');
    }
  });

  it('does not let the end of an old socket touch who came back on a new one', () => {
    expect(apply(both, { type: 'vanish', id: 'bob', connectionId: 'old' }, ROOM, NOW).kind).toBe('unchanged');
  });
});

describe('telling the others', () => {
  it('skips the joiner, whose answer carries the room, and those without a socket', () => {
    const join = aJoin('cyd');
    const two = after(after(undefined, aJoin('ada')), aJoin('bob'));
    const room = after(after(two, { type: 'vanish', id: 'bob', connectionId: 'socket-of-bob' }), join);
    expect(audience(room, join).map((member) => member.name)).toEqual(['ada']);
  });

  it('shows a participant without its socket, and a departure as a deletion', () => {
    const join = aJoin('ada');
    const room = after(undefined, join);
    const update = updateOf(room, join, 'hyperty://localhost/conference');
    expect(update).toMatchObject({ version: 1, attribute: 'participants.ada', value: { status: 'live' } });
    expect(JSON.stringify(update)).not.toContain('socket-of-ada');
    const left = after(after(room, aJoin('bob')), { type: 'leave', id: 'ada' });
    expect(updateOf(left, { type: 'leave', id: 'ada' }, 'hyperty://localhost/conference')).not.toHaveProperty('value');
  });
});

describe('any history', () => {
  it('raises the version by one with each change, and never exceeds the capacity', () => {
    fc.assert(
      fc.property(fc.array(roomEvent), (events) => {
        let room: RoomState | undefined;
        for (const event of events) {
          const outcome: Outcome = apply(room, event, ROOM, NOW);
          if (outcome.kind !== 'changed') continue;
          expect(outcome.room.version).toBe((room?.version ?? 0) + 1);
          expect(Object.keys(outcome.room.members).length).toBeLessThanOrEqual(outcome.room.capacity);
          expect(outcome.destroyed).toBe(Object.keys(outcome.room.members).length === 0);
          room = outcome.destroyed ? undefined : outcome.room;
        }
      }),
    );
  });
});
