import { beforeAll, describe, expect, it } from 'vitest';
import type { MediaNode } from '../media/placement.ts';
import { type Nodes, nodeStore } from './nodes.ts';
import { useTable } from './table.testing.ts';

const table = useTable();
let nodes: Nodes;

beforeAll(() => {
  nodes = nodeStore(table());
});

const aNode = (url: string, changes: Partial<MediaNode> = {}): MediaNode => ({
  url,
  instance: url,
  connectionId: 'first',
  capacity: 100,
  load: 0,
  heard: 1_000,
  ...changes,
});

const stored = async (url: string) => (await nodes.list()).find((node) => node.url === url);

describe('the list of media nodes', () => {
  it('comes with each heartbeat', async () => {
    await nodes.put(aNode('listed-1'));
    const all = await nodes.put(aNode('listed-2', { load: 7 }));
    expect(all).toEqual(expect.arrayContaining([aNode('listed-1'), aNode('listed-2', { load: 7 })]));
  });

  it('has nobody back by a heartbeat that its own end has outrun, but on another connection', async () => {
    await nodes.put(aNode('outrun'));
    await nodes.setAway('outrun', 'first', 2_000);
    expect(await nodes.put(aNode('outrun', { heard: 2_001 }))).toBeUndefined();
    expect(await stored('outrun')).toMatchObject({ away: 2_000, heard: 1_000 });
    expect(await nodes.put(aNode('outrun', { connectionId: 'second' }))).toContainEqual(
      aNode('outrun', { connectionId: 'second' }),
    );
    await nodes.setAway('outrun', 'second', 3_000);
    await nodes.put(aNode('outrun', { connectionId: 'second' }), true);
    expect(await stored('outrun')).toEqual(aNode('outrun', { connectionId: 'second' }));
  });

  it('keeps a node that has another connection than the one that closed, and when it was first seen closed', async () => {
    await nodes.put(aNode('moved', { connectionId: 'second' }));
    await nodes.setAway('moved', 'first', 2_000);
    expect(await stored('moved')).not.toHaveProperty('away');
    await nodes.setAway('moved', 'second', 2_000);
    await nodes.setAway('moved', 'second', 3_000);
    expect(await stored('moved')).toMatchObject({ away: 2_000 });
    await nodes.setAway('moved', 'second', 0);
    expect(await stored('moved')).toMatchObject({ away: 0 });
  });
});

describe('a lost node', () => {
  it('is claimed by one of many, and again by one of many', async () => {
    const node = aNode('claimed');
    await nodes.put(node);
    const rivals = (seen: MediaNode, now: number) =>
      Promise.all(Array.from({ length: 10 }, (_, n) => nodes.claim(seen, now + n)));
    expect((await rivals(node, 5_000)).filter(Boolean)).toHaveLength(1);
    const seen = await stored('claimed');
    if (!seen) throw new Error('forgotten');
    expect((await rivals(seen, 20_000)).filter(Boolean)).toHaveLength(1);
    await nodes.forget('claimed', seen.claimed ?? 0);
    const claimed = (await stored('claimed'))?.claimed ?? 0;
    expect(claimed).toBeGreaterThanOrEqual(20_000);
    await nodes.forget('claimed', claimed);
    expect(await stored('claimed')).toBeUndefined();
  });

  it('that is back is nobody’s to claim, nor to forget', async () => {
    const node = aNode('back');
    await nodes.put(node);
    expect(await nodes.claim(node, 5_000)).toBe(true);
    await nodes.put(aNode('back', { heard: 6_000 }));
    expect(await nodes.claim(node, 7_000)).toBe(false);
    await nodes.forget('back', 5_000);
    expect(await stored('back')).toEqual(aNode('back', { heard: 6_000 }));
  });
});
