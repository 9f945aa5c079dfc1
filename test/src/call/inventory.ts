import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { itemSize } from './item-size.ts';
import { type MediaObjects, mediaObjects } from './kurento-inventory.ts';
import type { RunningStack } from './running-stack.ts';

/** What a stack holds: the keys of its table's items, and what Kurento says it has. */
export interface Inventory extends MediaObjects {
  readonly items: ReadonlySet<string>;
}

export interface Leftovers {
  readonly rooms: number;
  readonly items: number;
  readonly pipelines: number;
  readonly endpoints: number;
}

export async function takeInventory(stack: RunningStack): Promise<Inventory> {
  const [items, objects] = await Promise.all([itemKeys(stack), mediaObjects(stack.kurento)]);
  return { items, ...objects };
}

/** What there is now that was not there `before`. */
export async function leftSince(before: Inventory, stack: RunningStack): Promise<Leftovers> {
  const now = await takeInventory(stack);
  const items = added(before.items, now.items);
  return {
    rooms: items.filter((key) => key.startsWith('room#')).length,
    items: items.length,
    pipelines: added(before.pipelines, now.pipelines).length,
    endpoints: added(before.endpoints, now.endpoints).length,
  };
}

export function isNothing(left: Leftovers): boolean {
  return Object.values(left).every((count) => count === 0);
}

function added(before: ReadonlySet<string>, now: ReadonlySet<string>): string[] {
  return [...now].filter((key) => !before.has(key));
}

/** How large an item is, as DynamoDB counts; 0 if there is none. */
export async function itemBytes(stack: RunningStack, key: string): Promise<number> {
  const item = await readItem(stack, key);
  return item ? itemSize(item) : 0;
}

/** An item of the table as it is now; undefined if there is none. */
export async function readItem(stack: RunningStack, key: string): Promise<Record<string, unknown> | undefined> {
  for await (const item of items(stack)) {
    if (item.pk?.S === key) return unmarshall(item);
  }
  return undefined;
}

async function itemKeys(stack: RunningStack): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { pk } of items(stack)) keys.add(pk?.S ?? '');
  return keys;
}

async function* items({ emulator }: RunningStack): AsyncGenerator<Record<string, AttributeValue>> {
  const { region, credentials, dynamoDbUrl: endpoint, outputs } = emulator;
  const client = new DynamoDBClient({ region, credentials, endpoint });
  const scan = { TableName: outputs.TableName, ConsistentRead: true };
  try {
    for await (const { Items = [] } of paginateScan({ client }, scan)) yield* Items;
  } finally {
    client.destroy();
  }
}
