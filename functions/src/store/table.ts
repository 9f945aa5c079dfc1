import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** The one table: rooms, addresses and media nodes, told apart by the prefix of their key. */
export interface Table {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

export function openTable(name: string): Table {
  const client = new DynamoDBClient({ maxAttempts: 4 });
  return { name, documents: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }) };
}

export type Item = Record<string, unknown>;

/** The outcome of a conditional write: the item as it now is, or as it was found where the condition failed. */
export type Conditional =
  | { readonly written: true; readonly item: Item }
  | { readonly written: false; readonly found?: Item };

export async function conditional(write: Promise<{ Attributes?: Item | undefined }>): Promise<Conditional> {
  try {
    const { Attributes } = await write;
    return { written: true, item: Attributes ?? {} };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item ? { written: false, found: unmarshall(error.Item) } : { written: false };
  }
}

/** DynamoDB has no empty sets: none is no attribute. */
export function textSet(texts: readonly string[]): Set<string> | undefined {
  return texts.length > 0 ? new Set(texts) : undefined;
}

/** `#name` for each attribute, as expressions have them. */
export function namesOf(...attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
}

/** All items of an index under a key. */
export async function query(table: Table, index: string, attribute: string, key: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await table.documents.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: index,
        KeyConditionExpression: '#attribute = :key',
        ExpressionAttributeNames: { '#attribute': attribute },
        ExpressionAttributeValues: { ':key': key },
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

/** The items of one kind that belong to a connection. */
export async function queryByConnection(table: Table, connectionId: string, prefix: string): Promise<Item[]> {
  const items = await query(table, 'byConnection', 'connectionId', connectionId);
  return items.filter(({ pk }) => String(pk).startsWith(prefix));
}
