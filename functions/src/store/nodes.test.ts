import type { AddressInfo } from 'node:net';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MediaNode } from '../media/placement.ts';
import { type Nodes, nodeStore } from './nodes.ts';
import { openTable } from './table.ts';

let nodes: Nodes;
const server = dynalite({ createTableMs: 0 });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const table = openTable('nodes');
  await table.documents.send(
    new CreateTableCommand({
      TableName: 'nodes',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  nodes = nodeStore(table);
});

afterAll(() => {
  vi.unstubAllEnvs();
  return new Promise<void>((resolve) => server.close(() => resolve()));
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
