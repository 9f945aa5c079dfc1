import { describe, expect, it } from 'vitest';
import { rosterOf } from '../room-state.ts';
import { apply } from './apply.ts';
import type { RoomEvent } from './events.ts';
import {
  after,
  aJoin,
  aResumption,
  aUser,
  byModerator,
  change,
  laterSocketOf,
  NOW,
  ROOM,
  socketOf,
} from './rules.testing.ts';

const outcome = (room: Parameters<typeof apply>[0], event: RoomEvent) => apply(room, event, ROOM, NOW);
const both = after(undefined, aJoin('ada'), aJoin('bob'));
const vanish = (connectionId: string): RoomEvent => ({ type: 'vanish', id: 'bob', connectionId });
const gone = after(both, vanish(socketOf('bob')));

describe('who comes back', () => {
  it('goes on as what it was, on its new connection', () => {
    const { room, updates } = change(gone, aResumption('bob'));
    const { connectionId, status, opened, resumed, ...stay } = room.members.bob ?? {};
    expect({ connectionId, status, opened, resumed }).toEqual({
      connectionId: laterSocketOf('bob'),
      status: 'live',
      opened: 2,
      resumed: true,
    });
    expect(both.members.bob).toMatchObject(stay);
    expect(updates).toMatchObject([{ version: 4, attribute: 'participants.bob', value: { status: 'live' } }]);
  });

  it('is a version of the room even if nobody had missed it: its media node must know the later roster', () => {
    const { room, updates } = change(both, aResumption('bob'));
    expect(updates).toMatchObject([{ version: 3, attribute: 'participants.bob' }]);
    expect(rosterOf(room)).toMatchObject({ version: 3, participants: { bob: { connectionId: laterSocketOf('bob') } } });
  });

  it('twice, has come back once', () => {
    expect(outcome(after(gone, aResumption('bob')), aResumption('bob')).kind).toBe('unchanged');
  });

  it('on the connection that was taken for gone, lives', () => {
    const back = after(gone, aResumption('bob', { connectionId: socketOf('bob') }));
    expect(back.members.bob).toMatchObject({ status: 'live', connectionId: socketOf('bob') });
  });

  it('does not vanish with its earlier connection', () => {
    expect(outcome(after(gone, aResumption('bob')), vanish(socketOf('bob'))).kind).toBe('unchanged');
    expect(after(both, aResumption('bob'), vanish(laterSocketOf('bob'))).members.bob?.status).toBe('disconnected');
  });

  it('is not led back to an earlier connection by what that one had still to say', () => {
    const back = after(gone, aResumption('bob', { opened: 5 }));
    expect(outcome(back, aResumption('bob', { connectionId: 'earlier', opened: 4 }))).toMatchObject({ code: 409 });
  });
});

describe('to come back', () => {
  it('is too late for who has been removed, and in a room that is over', () => {
    const removed = after(gone, byModerator('ada', { action: 'remove', participant: 'bob' }));
    expect(outcome(removed, aResumption('bob'))).toMatchObject({ code: 404 });
    expect(outcome(undefined, aResumption('bob'))).toMatchObject({ code: 404 });
  });

  it('is for the same user, where a token says who that is', () => {
    const vouched = after(undefined, aJoin('bob', { member: { user: aUser('bob') } }));
    expect(outcome(vouched, aResumption('bob', { user: aUser('eve') }))).toMatchObject({ code: 403 });
    expect(outcome(vouched, aResumption('bob'))).toMatchObject({ code: 403 });
    expect(outcome(both, aResumption('bob', { user: aUser('bob') }))).toMatchObject({ code: 403 });
    expect(outcome(vouched, aResumption('bob', { user: aUser('bob') })).kind).toBe('changed');
  });
});
