import { HEARTBEAT_EXPIRES, HEARTBEAT_LATE, RESTART_GRACE } from '@hyperroom/protocol';
import { describe, expect, it } from 'vitest';
import { isHopeless, leastLoaded, type MediaNode, refugeFrom, stateOf } from './placement.ts';

const NOW = 1_000_000;

function aNode(url: string, changes: Partial<MediaNode> = {}): MediaNode {
  return { url, instance: url, connectionId: `socket-of-${url}`, capacity: 100, load: 0, heard: NOW, ...changes };
}

describe('a media node', () => {
  it.each([
    ['heard of in time', {}, NOW + HEARTBEAT_LATE, 'fresh', 'fresh'],
    ['not heard of in time', {}, NOW + HEARTBEAT_LATE + 1, 'late', 'lost'],
    ['not heard of for long', {}, NOW + HEARTBEAT_EXPIRES + 1, 'lost', 'lost'],
    ['whose socket has just closed', { away: NOW }, NOW + RESTART_GRACE, 'away', 'away'],
    ['that did not come back', { away: NOW }, NOW + RESTART_GRACE + 1, 'lost', 'lost'],
    ['that said farewell', { away: 0 }, NOW, 'lost', 'lost'],
    ['whose rooms somebody moves', { claimed: NOW }, NOW, 'lost', 'lost'],
    ['that speaks before its time', {}, NOW - 5_000, 'fresh', 'fresh'],
  ] as const)('%s', (_, changes, now, alone, witnessed) => {
    const node = aNode('it', changes);
    expect([stateOf(node, now), stateOf(node, now, true)]).toEqual([alone, witnessed]);
  });

  it('whose socket has closed is worth a longer wait where there is no other', () => {
    const node = aNode('it', { away: NOW });
    expect([isHopeless(node, NOW + 10_000), isHopeless(node, NOW + 10_001)]).toEqual([false, true]);
    expect(isHopeless(aNode('it', { away: 0 }), NOW)).toBe(true);
  });
});

describe('the node for a room', () => {
  const late = aNode('late', { heard: NOW - HEARTBEAT_LATE - 1 });
  const chosen = (...nodes: readonly MediaNode[]) => leastLoaded(nodes, NOW)?.url;

  it('is the one with the most room in proportion to its size', () => {
    expect(chosen(aNode('small', { capacity: 10, load: 2 }), aNode('big', { load: 19 }))).toBe('big');
  });

  it('is one that is late only if no other has place', () => {
    expect(chosen(late, aNode('busy', { load: 99 }))).toBe('busy');
    expect(chosen(late, aNode('full', { load: 100 }))).toBe('late');
  });

  it('is one that drains only if no other has place, be that late', () => {
    const leaving = aNode('leaving', { draining: true });
    expect(chosen(leaving, aNode('busy', { load: 99 }))).toBe('busy');
    expect(chosen(leaving, late)).toBe('late');
    expect(chosen(leaving, aNode('full', { load: 100 }))).toBe('leaving');
    expect(chosen(leaving)).toBe('leaving');
  });

  it('is none that is full, takes none, is away or lost', () => {
    const away = aNode('away', { away: NOW });
    const lost = aNode('lost', { claimed: NOW });
    expect(chosen(aNode('full', { load: 100 }), aNode('none', { capacity: 0 }), away, lost)).toBeUndefined();
  });
});

describe('the refuge of a room whose node drains', () => {
  const leaving = aNode('leaving', { draining: true });
  const refuge = (...nodes: readonly MediaNode[]) => refugeFrom('leaving', 12, [leaving, ...nodes], NOW)?.url;

  it('is the emptiest of those that have place for all of it', () => {
    expect(refuge(aNode('half', { load: 50 }), aNode('third', { load: 33 }))).toBe('third');
    expect(refuge(aNode('just', { load: 88 }))).toBe('just');
    expect(refuge(aNode('full', { load: 89 }))).toBeUndefined();
  });

  it('is not where it is, be it that nobody has heard yet that this drains', () => {
    expect(refugeFrom('leaving', 12, [{ ...leaving, draining: false }], NOW)).toBeUndefined();
  });

  it.each([
    ['drains too', { draining: true }],
    ['is late', { heard: NOW - HEARTBEAT_LATE - 1 }],
    ['is away', { away: NOW }],
    ['is lost', { claimed: NOW }],
  ])('is none that %s: the room goes on better where it is', (_, changes) => {
    expect(refuge(aNode('other', changes))).toBeUndefined();
  });
});
