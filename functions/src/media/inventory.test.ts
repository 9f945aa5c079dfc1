import type { SyncCommand } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import type { RoomState } from '../conference/room-state.ts';
import { after, aJoin, aStay, connectionOf, NOW } from '../conference/rules/rules.testing.ts';
import { differenceOf } from './inventory.ts';

const NODE = 'hyperty://localhost/media-1';
const LATER = Date.parse(NOW) + 60_000;

const room = (url = 'comm://localhost/standup'): RoomState => ({ ...after(undefined, aJoin('ada')), url });

function connected(): RoomState {
  const before = room();
  const seen = { publication: 'main', connection: connectionOf('ada'), media: 'connected' } as const;
  return after(before, { type: 'media', id: 'ada', stay: aStay(before, 'ada'), ...seen });
}

const held = ({ url: resource, incarnation, epoch, version }: RoomState) => ({ resource, incarnation, epoch, version });
const told = (commands: readonly SyncCommand[]) => commands.map(({ roster }) => [roster.room, roster.version]);
const NOTHING = { sync: [], restart: [] };
const OVER = Number.MAX_SAFE_INTEGER;

describe('between what a node holds and what it should', () => {
  it('there is no difference', () => {
    expect(differenceOf(NODE, [held(room())], [room()], LATER)).toEqual(NOTHING);
  });

  it('what has changed is told', () => {
    const { sync, restart } = differenceOf(NODE, [{ ...held(room()), version: 0 }], [room()], LATER);
    expect([told(sync), restart]).toEqual([[[room().url, 1]], []]);
  });

  it('what was never made is told', () => {
    expect(told(differenceOf(NODE, [], [room()], LATER).sync)).toEqual([[room().url, 1]]);
  });

  it('what had media and has them no more begins anew, unless it is too new to say', () => {
    expect(differenceOf(NODE, [], [connected()], LATER)).toEqual({ sync: [], restart: [connected()] });
    const { sync, restart } = differenceOf(NODE, [], [connected()], Date.parse(NOW) + 1_000);
    expect([told(sync), restart]).toEqual([[[room().url, 2]], []]);
  });

  it.each([
    ['another incarnation', { incarnation: 'second' }],
    ['another epoch', { epoch: 2 }],
    ['another node', { node: 'hyperty://localhost/media-2' }],
  ])('what is now of %s is over', (_, changes) => {
    const { sync } = differenceOf(NODE, [held(room())], [{ ...room(), ...changes }], LATER);
    expect(told(sync)).toContainEqual([room().url, OVER]);
    expect(sync[0]?.roster).toMatchObject({ incarnation: 'first', epoch: 1, participants: {} });
  });

  it.each([
    ['goes on elsewhere', { epoch: 2, node: 'hyperty://localhost/media-2' }, true],
    ['has been another', { incarnation: 'second', epoch: 2 }, undefined],
    ['has no node', { node: '' }, undefined],
  ])('the node is told why what it holds is over: the room %s', (_, changes, moved) => {
    const { sync } = differenceOf(NODE, [held(room())], [{ ...room(), ...changes }], LATER);
    expect(sync[0]?.moved).toBe(moved);
  });

  it('a room that there is not is over', () => {
    expect(told(differenceOf(NODE, [held(room())], [], LATER).sync)).toEqual([[room().url, OVER]]);
  });
});
