import { describe, expect, it } from 'vitest';
import { rosterOf } from '../room-state.ts';
import { apply } from './apply.ts';
import type { Move } from './events.ts';
import { after, aJoin, aStay, change, connectionOf, NOW, ROOM } from './rules.testing.ts';

const FIRST = 'hyperty://localhost/media-1';
const SECOND = 'hyperty://localhost/media-2';

const aMove = (changes: Partial<Move> = {}): Move => ({
  type: 'move',
  incarnation: 'first',
  epoch: 1,
  from: FIRST,
  node: SECOND,
  ...changes,
});

/** Two, of whom the first is seen and heard. */
function connected() {
  const room = after(undefined, aJoin('ada'), aJoin('bob'));
  const seen = { publication: 'main', connection: connectionOf('ada'), media: 'connected' } as const;
  return after(room, { type: 'media', id: 'ada', stay: aStay(room, 'ada'), ...seen });
}

describe('move', () => {
  it('lets all media begin anew, and keeps who is there', () => {
    const before = connected();
    const { room, updates } = change(before, aMove());
    expect(room).toMatchObject({ node: SECOND, epoch: 2, incarnation: 'first', members: { ada: {}, bob: {} } });
    expect(room.members.ada?.publications.main).toMatchObject({ media: 'connecting', connection: connectionOf('ada') });
    expect(updates.map(({ attribute }) => attribute)).toEqual(['epoch', 'participants.ada']);
    expect(rosterOf(room).participants.ada?.admitted).toBe(before.members.ada?.admitted);
  });

  it('to the same node is another epoch', () => {
    expect(change(connected(), aMove({ node: FIRST })).room).toMatchObject({ node: FIRST, epoch: 2 });
  });

  it('to nowhere strands the room, until it is taken', () => {
    const { room: stranded, updates } = change(connected(), aMove({ node: '' }));
    expect(stranded).toMatchObject({ node: '', epoch: 1 });
    expect(updates[0]).toMatchObject({ attribute: 'media', value: 'waiting' });
    const taken = change(stranded, aMove({ from: '' }));
    expect(taken.room).toMatchObject({ node: SECOND, epoch: 2 });
    expect(taken.updates.map(({ attribute, value }) => [attribute, value])).toEqual([
      ['epoch', 2],
      ['media', 'ready'],
    ]);
  });

  it.each([
    ['another life', { incarnation: 'second' }],
    ['an earlier epoch', { epoch: 0 }],
    ['another node', { from: SECOND }],
  ])('of %s is overtaken', (_, changes) => {
    expect(apply(connected(), aMove(changes), ROOM, NOW).kind).toBe('unchanged');
  });

  it('happens once, whoever finds out at the same time', () => {
    const room = after(connected(), aMove());
    expect(apply(room, aMove({ node: 'hyperty://localhost/media-3' }), ROOM, NOW).kind).toBe('unchanged');
  });
});

describe('a room without a node', () => {
  const stranded = () => after(connected(), aMove({ node: '' }));

  it('is given one by a join that knows of any', () => {
    const { room, updates } = change(stranded(), aJoin('cyd', { node: SECOND }));
    expect(room).toMatchObject({ node: SECOND, epoch: 2, members: { cyd: { admitted: room.version } } });
    expect(updates.map(({ attribute }) => attribute)).toEqual(['epoch', 'media', 'participants.cyd']);
  });

  it('takes nobody in while there is none', () => {
    expect(apply(stranded(), aJoin('cyd', { node: '' }), ROOM, NOW)).toMatchObject({ kind: 'refused', code: 503 });
  });

  it('goes on with who is there', () => {
    expect(change(stranded(), { type: 'leave', id: 'bob' }).room).toMatchObject({ node: '', members: { ada: {} } });
  });
});
