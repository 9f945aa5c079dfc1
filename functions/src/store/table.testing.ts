import type { AddressInfo } from 'node:net';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, vi } from 'vitest';
import { openTable, type Table } from './table.ts';

/** An index that lists keys, by an attribute. */
interface Index {
  readonly index: string;
  readonly attribute: string;
}

/** A table of its own for the tests of a file, in a DynamoDB of its own. */
export function useTable(...indexes: readonly Index[]): () => Table {
  const server = dynalite({ createTableMs: 0 });
  let table: Table | undefined;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    table = openTable('table');
    await create(table, indexes);
    vi.unstubAllEnvs();
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  return () => {
    if (!table) throw new Error('the table is there when the tests begin');
    return table;
  };
}

async function create({ documents, name }: Table, indexes: readonly Index[]): Promise<void> {
  const attributes = ['pk', ...indexes.map(({ attribute }) => attribute)];
  await documents.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(({ index, attribute }) => ({
          IndexName: index,
          KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
      }),
    }),
  );
}
