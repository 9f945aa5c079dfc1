import { Code } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import { apply } from './apply.ts';
import type { RoomEvent } from './events.ts';
import { aChange, after, aJoin, aStay, change, connectionOf, NOW, publishing, ROOM } from './rules.testing.ts';

const outcome = (room: Parameters<typeof apply>[0], event: RoomEvent) => apply(room, event, ROOM, NOW);
const room = after(undefined, aJoin('ada'), aJoin('bob'));

describe('a participant changes', () => {
  it('all of itself at once, in one update', () => {
    const changed = change(
      room,
      aChange('bob', {
        publishing: publishing('bob', 'screen'),
        unpublish: ['main'],
        muted: ['camera', 'camera'],
        metadata: { hand: 'up' },
      }),
    );
    expect(changed.updates).toMatchObject([{ version: 3, attribute: 'participants.bob' }]);
    const bob = changed.room.members.bob;
    expect(bob).toMatchObject({ muted: ['camera'], metadata: { hand: 'up' }, admitted: 2 });
    expect(Object.keys(bob?.publications ?? {})).toEqual(['screen']);
    expect(bob?.publications.screen).toMatchObject({ media: 'connecting', since: 3 });
  });

  it('a publication for another of the same name', () => {
    const main = { connection: connectionOf('new'), kinds: ['audio'] as const };
    const again = after(room, aChange('ada', { publishing: { main } }));
    expect(again.members.ada?.publications.main).toMatchObject({ connection: connectionOf('new'), since: 1 });
    expect(outcome(again, aChange('ada', { publishing: { main } })).kind).toBe('unchanged');
  });

  it('nothing by saying what is so already', () => {
    expect(outcome(room, aChange('ada')).kind).toBe('unchanged');
    expect(outcome(room, aChange('ada', { publishing: publishing('ada', 'main'), muted: [] })).kind).toBe('unchanged');
  });

  it('only itself', () => {
    expect(outcome(room, aChange('bob', { connectionId: 'of-another' }))).toMatchObject({ code: Code.forbidden });
    expect(outcome(room, aChange('cyd'))).toMatchObject({ code: Code.notFound });
    expect(outcome(undefined, aChange('cyd'))).toMatchObject({ code: Code.notFound });
  });

  it('nothing that the room does not allow', () => {
    const screen = publishing('bob', 'screen');
    const only = after(undefined, aJoin('ada', { options: { publishers: 'moderators', codec: 'H264' } }), {
      ...aJoin('bob', { publishing: {} }),
    });
    expect(outcome(only, aChange('bob', { publishing: screen }))).toMatchObject({ code: Code.forbidden });
    expect(outcome(only, aChange('ada', { publishing: screen, codecs: ['VP8'] }))).toMatchObject({ code: 488 });
    expect(outcome(only, aChange('bob', { codecs: ['VP8'] }))).toMatchObject({ code: 488 });
    expect(outcome(only, aChange('bob', { metadata: { x: 'y'.repeat(1020) } }))).toMatchObject({ code: 400 });
  });

  it('nothing that makes of the room more than a message carries', () => {
    const metadata = { of: 'x'.repeat(900) };
    const crowd = Array.from({ length: 60 }, (_, index) => aJoin(`p${index}`, { member: { metadata } }));
    const [first = aJoin('p0'), ...others] = crowd;
    const large = after(undefined, { ...first, options: { capacity: 100 } }, ...others.slice(0, 48));
    expect(outcome(large, aChange('p0', { metadata: { more: 'x'.repeat(20) } })).kind).toBe('changed');
    const full = after(large, ...others.slice(48));
    expect(outcome(full, aChange('p0', { metadata: { more: 'x' } }))).toMatchObject({ code: Code.full });
    expect(outcome(full, aChange('p0', { muted: ['camera'] })).kind).toBe('changed');
  });

  it('its metadata key by key', () => {
    const described = after(room, aChange('ada', { metadata: { hand: 'up', seat: '1' } }));
    const changed = after(described, aChange('ada', { metadata: { hand: null } }));
    expect(changed.members.ada?.metadata).toEqual({ seat: '1' });
  });
});

describe('speaking', () => {
  const crowd = after(undefined, aJoin('ada', { options: { lastN: 2 } }), aJoin('bob'), aJoin('cyd'), aJoin('dee'));
  const seen = after(undefined, aJoin('ada', { options: { lastN: 2 } }), aJoin('bob'), aJoin('cyd'));
  const speak = (id: string) => aChange(id, { speaking: true });

  it('is worth saying only where not everybody is shown', () => {
    expect(outcome(room, speak('ada')).kind).toBe('unchanged');
    expect(outcome(seen, speak('ada')).kind).toBe('unchanged');
    // Of three publications a listener sees two.
    expect(outcome(after(seen, aJoin('dee', { publishing: {} })), speak('ada')).kind).toBe('changed');
    expect(change(crowd, speak('ada')).updates).toEqual([{ version: 5, attribute: 'speakers', value: ['ada'] }]);
  });

  it('puts who is not among the speakers first, in place of who spoke longest ago', () => {
    const spoken = after(crowd, speak('ada'), speak('bob'));
    expect(spoken.speakers).toEqual(['bob', 'ada']);
    expect(outcome(spoken, speak('ada')).kind).toBe('unchanged');
    expect(after(spoken, speak('cyd')).speakers).toEqual(['cyd', 'bob']);
  });
});

describe('a media node', () => {
  const ofAda = { id: 'ada', stay: aStay(room, 'ada'), publication: 'main', connection: connectionOf('ada') } as const;
  const connected: RoomEvent = { type: 'media', ...ofAda, media: 'connected' };

  it('says how a publication fares, once', () => {
    const reported = change(room, connected);
    expect(reported.updates).toMatchObject([{ version: 3, value: { publications: { main: { media: 'connected' } } } }]);
    expect(outcome(reported.room, connected).kind).toBe('unchanged');
  });

  it('takes a publication back that it could not answer', () => {
    expect(after(room, { type: 'unpublished', ...ofAda }).members.ada?.publications).toEqual({});
  });

  it('is not heard about an earlier publication, or stay', () => {
    for (const other of [
      { connection: connectionOf('earlier') },
      { publication: 'screen' as const },
      { stay: { ...ofAda.stay, admitted: 9 } },
      { stay: { ...ofAda.stay, node: 'another' } },
    ]) {
      expect(outcome(room, { ...connected, ...other }).kind).toBe('unchanged');
      expect(outcome(room, { type: 'unpublished', ...ofAda, ...other }).kind).toBe('unchanged');
    }
  });
});
