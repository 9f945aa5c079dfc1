import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
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
