import { LifecycleEvent } from '@hyperroom/protocol';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { lifecycleOf } from './lifecycle.ts';
import type { RoomState } from './room-state.ts';
import type { RoomEvent } from './rules/events.ts';
import {
  aChange,
  after,
  aJoin,
  aStay,
  aUser,
  byModerator,
  change,
  connectionOf,
  publishing,
} from './rules/rules.testing.ts';

function told(room: RoomState | undefined, event: RoomEvent): LifecycleEvent[] {
  const outcome = change(room, event);
  return v.parse(v.array(LifecycleEvent), lifecycleOf(outcome.before, outcome, event));
}

const names = (events: readonly LifecycleEvent[]) =>
  events.map((event) => ('reason' in event ? `${event.event}: ${event.reason}` : event.event));

const ada = after(undefined, aJoin('ada', { options: { metadata: { topic: 'x' } } }));
const both = after(ada, aJoin('bob', { member: { user: aUser('bob') } }));

describe('back ends are told', () => {
  it('of a room that starts, who joins it and what it publishes', () => {
    const events = told(undefined, aJoin('ada', { options: { metadata: { topic: 'x' } } }));
    expect(names(events)).toEqual(['room.started', 'participant.joined', 'publication.started']);
    expect(events[0]?.room).toMatchObject({ id: 'standup', incarnation: 'first', metadata: { topic: 'x' } });
    expect(events[2]).toMatchObject({
      participant: { id: 'ada', role: 'moderator' },
      publication: { name: 'main', sources: ['microphone', 'camera'] },
    });
  });

  it('the same of the same change, each under an id of its own', () => {
    const join = aJoin('cyd');
    expect(told(both, join)).toEqual(told(both, join));
    const ids = [...told(undefined, aJoin('ada')), ...told(ada, aJoin('bob'))].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each<[string, RoomEvent]>([
    ['left', { type: 'leave', id: 'bob', connectionId: 'socket-of-bob' }],
    ['lost', { type: 'leave', id: 'bob', stay: aStay(both, 'bob') }],
    ['removed', byModerator('ada', { action: 'remove', participant: 'bob', reason: undefined })],
    ['replaced', aJoin('bob2', { member: { user: aUser('bob') }, publishing: {} })],
  ])('how a participant %s', (reason, event) => {
    expect(names(told(both, event)).slice(0, 2)).toEqual(['publication.ended', `participant.left: ${reason}`]);
  });

  it('of the end: with the last to leave, or of all at once', () => {
    expect(names(told(ada, { type: 'leave', id: 'ada' })).slice(1)).toEqual(['participant.left: left', 'room.ended']);
    expect(names(told(both, byModerator('ada', { action: 'end', reason: undefined })))).toEqual([
      'publication.ended',
      'participant.left: ended',
      'publication.ended',
      'participant.left: ended',
      'room.ended',
    ]);
  });

  it('of publications that change', () => {
    const screen = aChange('bob', { publishing: publishing('bob', 'screen') });
    expect(names(told(both, screen))).toEqual(['publication.started']);
    const again = aChange('bob', { publishing: { main: { connection: connectionOf('new'), kinds: ['audio'] } } });
    expect(names(told(both, again))).toEqual(['publication.ended', 'publication.started']);
  });

  it('nothing of what is of no consequence to them', () => {
    expect(told(both, aChange('bob', { muted: ['camera'] }))).toEqual([]);
  });
});
