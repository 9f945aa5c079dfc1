import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Connections, connectionStore } from './connections.ts';
import { useTable } from './table.testing.ts';

const NOW = Date.UTC(2026, 0, 1);
const table = useTable();
let connections: Connections;

beforeAll(() => {
  connections = connectionStore(table(), () => NOW);
});

const ada = {
  connectionId: 'L0SM9cOFvHcCIhw=',
  connectedAt: NOW - 5,
  authorizer: {
    user: 'user://localhost/ada',
    name: 'Ada',
    metadata: '{"seat":1}',
    role: 'participant',
    grants: '{"room":"*"}',
    expires: 9,
  },
} as const;

describe('who is on a connection', () => {
  it('is known until its end is told', async () => {
    await connections.put(ada);
    expect(await connections.get(ada.connectionId)).toEqual(ada);
    await connections.remove(ada.connectionId);
    expect(await connections.get(ada.connectionId)).toBeUndefined();
  });

  it('may have neither name nor token', async () => {
    const { name: _, metadata: __, expires: ___, ...nobody } = ada.authorizer;
    await connections.put({ ...ada, authorizer: nobody });
    expect(await connections.get(ada.connectionId)).toEqual({ ...ada, authorizer: nobody });
  });

  it('is forgotten some time after API Gateway has ended it, if nobody tells', async () => {
    await connections.put(ada);
    const Key = { pk: `connection#${ada.connectionId}` };
    const { Item } = await table().documents.send(new GetCommand({ TableName: table().name, Key }));
    const hours = (Item?.ttl - NOW / 1000) / 3_600;
    expect(hours).toBeGreaterThan(2);
    expect(hours).toBeLessThan(3);
    expect(Item).not.toHaveProperty('connectionId');
  });
});
