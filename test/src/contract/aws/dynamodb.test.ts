import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ManualClock } from '@hyperroom/local/aws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Fixture, startFixture } from './harness.ts';

const clock = new ManualClock();
let fixture: Fixture;
let TableName: string;
beforeAll(async () => {
  fixture = await startFixture({ clock, secretValue: 'the secret' });
  TableName = fixture.tableName;
});
afterAll(() => fixture[Symbol.asyncDispose]());

function put(pk: string, attributes: Record<string, { S: string } | { N: string } | { M: object }> = {}) {
  return fixture.dynamoDb.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, ...attributes } as never }));
}

async function get(pk: string) {
  const { Item } = await fixture.dynamoDb.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }));
  return Item;
}

test('the table is the one of the template, and is found by connection', async () => {
  const { Table } = await fixture.dynamoDb.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] });
  await put('session', { connectionId: { S: 'abc=' }, name: { S: 'Alice' } });
  const { Items } = await fixture.dynamoDb.send(
    new QueryCommand({
      TableName,
      IndexName: 'byConnection',
      KeyConditionExpression: 'connectionId = :id',
      ExpressionAttributeValues: { ':id': { S: 'abc=' } },
    }),
  );
  expect(Items).toEqual([{ pk: { S: 'session' }, connectionId: { S: 'abc=' }, name: { S: 'Alice' } }]);
});

test('of 40 rivals for 8 places exactly 8 are admitted', async () => {
  await put('room', { participants: { M: {} }, version: { N: '0' } });
  const rivals: Client[] = [];
  for (let rival = 0; rival < 40; rival += 1) rivals.push(await fixture.connect());
  const verdicts = await Promise.all(
    rivals.map((rival, who) => rival.ask<Verdict>({ do: 'join', room: 'room', who: `rival${who}`, max: 8 })),
  );
  const admitted = verdicts.filter((verdict) => verdict.admitted);
  expect(admitted.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(verdicts.filter(({ reason }) => reason === 'ConditionalCheckFailedException')).toHaveLength(32);
  expect(Object.keys((await get('room'))?.participants?.M ?? {})).toHaveLength(8);
});

interface Verdict {
  readonly admitted: boolean;
  readonly version?: number;
  readonly reason?: string;
}

test('a failed condition returns the item when asked to', async () => {
  await put('taken', { owner: { S: 'alice' } });
  const update = {
    TableName,
    Key: { pk: { S: 'taken' } },
    UpdateExpression: 'SET #owner = :bob',
    ConditionExpression: 'attribute_not_exists(#owner)',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':bob': { S: 'bob' } },
  };
  await expect(
    fixture.dynamoDb.send(new UpdateItemCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
  ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { owner: { S: 'alice' } } });
  const withoutItem = await fixture.dynamoDb.send(new UpdateItemCommand(update)).catch((error: unknown) => error);
  expect(withoutItem).not.toHaveProperty('Item.owner');
});

describe('transactions', () => {
  test('all or nothing: one failed condition undoes none because nothing was done', async () => {
    await put('present');
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName, Item: { pk: { S: 'never' } } } },
        {
          ConditionCheck: {
            TableName,
            Key: { pk: { S: 'present' } },
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
    await expect(fixture.dynamoDb.send(transaction)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'present' } } }],
    });
    expect(await get('never')).toBeUndefined();
  });

  test('a write that fails half-way undoes those before it', async () => {
    await put('counter', { count: { S: 'not a number' } });
    await put('deleted', { kept: { S: 'yes' } });
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName, Item: { pk: { S: 'half' } } } },
        { Delete: { TableName, Key: { pk: { S: 'deleted' } } } },
        {
          Update: {
            TableName,
            Key: { pk: { S: 'counter' } },
            UpdateExpression: 'ADD #count :one',
            ExpressionAttributeNames: { '#count': 'count' },
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    });
    await expect(fixture.dynamoDb.send(transaction)).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    expect(await get('half')).toBeUndefined();
    expect(await get('deleted')).toMatchObject({ kept: { S: 'yes' } });
  });

  test('reads see one moment', async () => {
    await fixture.dynamoDb.send(
      new TransactWriteItemsCommand({
        TransactItems: ['left', 'right'].map((pk) => ({ Put: { TableName, Item: { pk: { S: pk }, n: { N: '1' } } } })),
      }),
    );
    const { Responses } = await fixture.dynamoDb.send(
      new TransactGetItemsCommand({
        TransactItems: ['left', 'right'].map((pk) => ({ Get: { TableName, Key: { pk: { S: pk } } } })),
      }),
    );
    expect(Responses?.map(({ Item }) => Item?.n?.N)).toEqual(['1', '1']);
  });
});

test('what has expired is deleted, the rest stays', async () => {
  const now = Math.floor(clock.now() / 1000);
  await put('expiring', { ttl: { N: String(now + 30) } });
  await put('lasting', { ttl: { N: String(now + 3600) } });
  clock.advance(60_000);
  await expect.poll(() => get('expiring')).toBeUndefined();
  expect(await get('lasting')).toBeDefined();
});

test('an unsigned or unknown caller is refused', async () => {
  const response = await fetch(fixture.emulator.dynamoDbUrl, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0' },
    body: '{}',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  const stranger = new DynamoDBClient({
    region: fixture.emulator.region,
    endpoint: fixture.emulator.dynamoDbUrl,
    credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'unknown' },
  });
  await expect(stranger.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test('a function may do what its role may, and no more', async () => {
  const client = await fixture.connect();
  expect(await client.ask({ do: 'trespass' })).toEqual({ allowed: false, name: 'AccessDeniedException' });
});

test('the secret can be read by its ARN', async () => {
  const { region, credentials, dynamoDbUrl, outputs } = fixture.emulator;
  const secrets = new SecretsManagerClient({ region, credentials, endpoint: dynamoDbUrl });
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: outputs.TokenSecretArn }));
  expect(SecretString).toBe('the secret');
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'another' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
