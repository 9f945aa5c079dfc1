import { Code, type Moderation } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import { rosterOf } from '../room-state.ts';
import { apply } from './apply.ts';
import type { RoomEvent } from './events.ts';
import { aChange, after, aJoin, aUser, byModerator, change, NOW, publishing, ROOM, socketOf } from './rules.testing.ts';

const outcome = (room: Parameters<typeof apply>[0], event: RoomEvent) => apply(room, event, ROOM, NOW);
const room = after(undefined, aJoin('ada'), aJoin('bob', { member: { user: aUser('bob') } }));
const byAda = (moderation: Moderation) => byModerator('ada', moderation);
type Action<A extends Moderation['action']> = Extract<Moderation, { action: A }>;
const remove = { action: 'remove', participant: 'bob', reason: 'noise' } as const;
const block: Action<'block'> = { action: 'block', participant: 'bob', sources: ['microphone'] };

describe('who moderates', () => {
  it('is a moderator on its own connection, or a back end', () => {
    expect(outcome(room, byModerator('bob', block))).toMatchObject({ code: Code.forbidden });
    expect(outcome(room, byModerator('cyd', block))).toMatchObject({ code: Code.notFound });
    const spoofed: RoomEvent = {
      type: 'moderate',
      by: { id: 'ada', connectionId: socketOf('bob') },
      moderation: block,
    };
    expect(outcome(room, spoofed)).toMatchObject({ code: Code.forbidden });
    expect(outcome(room, { type: 'moderate', moderation: block }).kind).toBe('changed');
    expect(outcome(undefined, { type: 'moderate', moderation: block })).toMatchObject({ code: Code.notFound });
  });

  it('names who is there', () => {
    const nobody = { participant: 'nobody', reason: undefined, role: 'moderator', metadata: {} } as const;
    for (const action of ['remove', 'admit', 'refuse', 'appoint', 'describe'] as const) {
      expect(outcome(room, byAda({ action, ...nobody })), action).toMatchObject({ code: Code.notFound });
    }
  });
});

describe('removing', () => {
  it('says why, and is for as long as the room lasts', () => {
    const removed = change(room, byAda(remove));
    expect(removed.notices).toMatchObject([{ connectionId: socketOf('bob'), said: 'removed', description: 'noise' }]);
    expect(removed.room.banned).toEqual(['hyperty://localhost/bob', aUser('bob')]);
  });

  it('bans nobody by a user that means nobody', () => {
    const withCyd = after(room, aJoin('cyd'));
    expect(after(withCyd, byAda({ ...remove, participant: 'cyd' })).banned).toEqual(['hyperty://localhost/cyd']);
  });
});

describe('blocking', () => {
  const blocked = after(room, byAda(block));

  it('reaches the media server, whatever the participant does', () => {
    const main = (state: typeof room) => rosterOf(state).participants.bob?.publications.main?.blocked;
    expect(main(blocked)).toEqual(['audio']);
    expect(main(after(blocked, aChange('bob', { muted: ['camera'] })))).toEqual(['audio']);
    const again = after(
      blocked,
      aChange('bob', { unpublish: ['main'] }),
      aChange('bob', { publishing: publishing('bob', 'main') }),
    );
    expect(main(again)).toEqual(['audio']);
    expect(main(after(blocked, byAda({ ...block, action: 'unblock' })))).toEqual([]);
  });

  it('of a screen is of its picture and its sound', () => {
    const shared = after(
      room,
      aChange('bob', { publishing: publishing('bob', 'screen') }),
      byAda({ ...block, sources: ['screen'] }),
    );
    expect(rosterOf(shared).participants.bob?.publications).toMatchObject({
      main: { blocked: [] },
      screen: { blocked: ['audio', 'video'] },
    });
  });

  it('twice changes nothing', () => {
    expect(outcome(blocked, byAda(block)).kind).toBe('unchanged');
  });
});

describe('appointing', () => {
  it('makes moderators and takes it back, but keeps one', () => {
    const two = after(room, byAda({ action: 'appoint', participant: 'bob', role: 'moderator' }));
    const one = after(two, byModerator('bob', { action: 'appoint', participant: 'ada', role: 'participant' }));
    expect(one.members).toMatchObject({ ada: { role: 'participant' }, bob: { role: 'moderator' } });
    const none = byModerator('bob', { action: 'appoint', participant: 'bob', role: 'participant' });
    expect(outcome(one, none)).toMatchObject({ code: Code.conflict });
  });
});

describe('refusing', () => {
  it('sends away who waits, to come again if it likes', () => {
    const waiting = after(undefined, aJoin('ada', { options: { waitingRoom: true } }), aJoin('bob'));
    const refused = change(waiting, byAda({ action: 'refuse', participant: 'bob', reason: 'who?' }));
    expect(refused.notices).toMatchObject([{ said: 'refused', description: 'who?' }]);
    expect(refused.updates).toEqual([{ version: 3, attribute: 'waiting.bob' }]);
    expect(after(refused.room, aJoin('bob')).waiting).toHaveProperty('bob');
  });
});

describe('changing the room', () => {
  it('is an update for its options and one for its metadata', () => {
    const changes = { locked: true, capacity: undefined, metadata: { topic: 'x' } };
    const changed = change(room, byAda({ action: 'change', changes }));
    expect(changed.updates).toMatchObject([
      { version: 3, attribute: 'options', value: { locked: true, capacity: 50 } },
      { version: 4, attribute: 'metadata', value: { topic: 'x' } },
    ]);
    expect(outcome(changed.room, byAda({ action: 'change', changes })).kind).toBe('unchanged');
  });

  it('does not put anybody out', () => {
    const changes = { capacity: 1, publishers: 'moderators', locked: true } as const;
    expect(Object.keys(after(room, byAda({ action: 'change', changes })).members)).toHaveLength(2);
  });
});

describe('ending', () => {
  it('is told to everybody at once', () => {
    const end = change(room, byAda({ action: 'end', reason: 'lunch' }));
    expect(end).toMatchObject({ destroyed: true, updates: [], room: { members: {} } });
    expect(end.notices.map(({ said, description }) => [said, description])).toEqual([
      ['ended', 'lunch'],
      ['ended', 'lunch'],
    ]);
  });
});
