import { BatchGetCommand, DeleteCommand, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { backOff, inSpiteOfRivals } from '../attempts.ts';
import { isOver, type RoomState } from '../conference/room-state.ts';
import { apply } from '../conference/rules/apply.ts';
import type { RoomEvent } from '../conference/rules/events.ts';
import type { Outcome } from '../conference/rules/outcome.ts';
import { keyOf, LISTING, PLACEMENT, roomFrom } from './room-items.ts';
import { changeWrite, plainWrite, type Write } from './room-writes.ts';
import { type Conditional, conditional, type Item, query, type Table } from './table.ts';

export interface Rooms {
  /** Carries an event out against the stored room, as the rules say. */
  commit(url: string, event: RoomEvent): Promise<Outcome>;
  read(url: string): Promise<RoomState | undefined>;
  /** Rooms in no particular order; `cursor`: where to go on. */
  list(page: { readonly limit: number; readonly cursor?: string | undefined }): Promise<RoomPage>;
  /** The ids of those on a media node; empty: of those without one. The newest may be missing, and some be over. */
  idsOfNode(node: string): Promise<string[]>;
  readAll(urls: readonly string[]): Promise<RoomState[]>;
  /** Lets a connection hear of a room's changes; false if there is no such room. */
  observe(url: string, connectionId: string): Promise<boolean>;
  unobserve(url: string, connectionId: string): Promise<boolean>;
}

export interface RoomPage {
  readonly rooms: readonly RoomState[];
  readonly cursor?: string;
}

export function roomStore(table: Table, clock: () => Date = () => new Date()): Rooms {
  const TableName = table.name;

  /** The room as it is stored, be its time over. */
  async function find(url: string): Promise<RoomState | undefined> {
    const { Item } = await table.documents.send(new GetCommand({ TableName, Key: keyOf(url), ConsistentRead: true }));
    return Item && roomFrom(Item);
  }

  const unlessOver = (room: RoomState | undefined) => (room && isOver(room, clock().getTime()) ? undefined : room);

  function commit(url: string, event: RoomEvent): Promise<Outcome> {
    return inSpiteOfRivals(`room ${url}: '${event.type}'`, async () => {
      const now = clock().toISOString();
      const plain = plainWrite(url, event, now);
      const tried = plain && (await write(url, plain));
      if (tried?.written) return apply(stateOf(tried.item), event, url, now);
      // Not every DynamoDB look-alike returns the item that a condition failed on.
      const found = tried?.found ? roomFrom(tried.found) : await find(url);
      const outcome = apply(found, event, url, now);
      const stands = outcome.kind !== 'changed' || (await store(found, outcome.room, outcome.destroyed));
      return stands ? outcome : undefined;
    });
  }

  /** Gives the item as it was. */
  function write(url: string, expressions: Write): Promise<Conditional> {
    return conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(url),
          ...expressions,
          ReturnValues: 'ALL_OLD',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
  }

  /** Puts a room in the place of what was found, unless somebody has changed that since. */
  async function store(found: RoomState | undefined, room: RoomState, destroyed: boolean): Promise<boolean> {
    if (!destroyed) return (await write(room.url, changeWrite(found, room))).written;
    return found === undefined || destroy(found);
  }

  async function destroy(room: RoomState): Promise<boolean> {
    const deletion = await conditional(
      table.documents.send(
        new DeleteCommand({
          TableName,
          Key: keyOf(room.url),
          ConditionExpression: '#incarnation = :incarnation AND #version = :version',
          ExpressionAttributeNames: { '#incarnation': 'incarnation', '#version': 'version' },
          ExpressionAttributeValues: { ':incarnation': room.incarnation, ':version': room.version },
        }),
      ),
    );
    return deletion.written;
  }

  async function list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<RoomPage> {
    const { index, attribute, key } = LISTING;
    const { Items = [], LastEvaluatedKey } = await table.documents.send(
      new QueryCommand({
        TableName,
        IndexName: index,
        KeyConditionExpression: '#listed = :room',
        ExpressionAttributeNames: { '#listed': attribute },
        ExpressionAttributeValues: { ':room': key },
        Limit: limit,
        ...(cursor && { ExclusiveStartKey: { ...keyOf(cursor), [attribute]: key } }),
      }),
    );
    const rooms = await batch(Items.map(({ pk }) => ({ pk })));
    const last = LastEvaluatedKey && idOfKey(LastEvaluatedKey);
    return { rooms, ...(last && { cursor: last }) };
  }

  async function idsOfNode(node: string): Promise<string[]> {
    const { index, attribute, none } = PLACEMENT;
    return (await query(table, index, attribute, node || none)).map(idOfKey);
  }

  async function batch(keys: readonly Item[]): Promise<RoomState[]> {
    const rooms: RoomState[] = [];
    let rest = [...keys];
    for (let unanswered = 0; rest.length > 0; ) {
      if (unanswered > 0) await backOff(unanswered);
      const { Responses, UnprocessedKeys } = await table.documents.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys: rest.slice(0, BATCH), ConsistentRead: true } } }),
      );
      rooms.push(...(Responses?.[TableName] ?? []).flatMap((item) => unlessOver(roomFrom(item)) ?? []));
      const unprocessed = (UnprocessedKeys?.[TableName]?.Keys ?? []) as Item[];
      unanswered = unprocessed.length > 0 ? unanswered + 1 : 0;
      rest = [...unprocessed, ...rest.slice(BATCH)];
    }
    return rooms;
  }

  async function changeObservers(url: string, verb: 'ADD' | 'DELETE', connectionId: string): Promise<boolean> {
    const update = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(url),
          UpdateExpression: `${verb} #observers :connection`,
          ConditionExpression: 'attribute_exists(#count)',
          ExpressionAttributeNames: { '#observers': 'observers', '#count': 'count' },
          ExpressionAttributeValues: { ':connection': new Set([connectionId]) },
        }),
      ),
    );
    return update.written;
  }

  return {
    commit,
    read: async (url) => unlessOver(await find(url)),
    list,
    idsOfNode,
    readAll: (urls) => batch([...new Set(urls)].map(keyOf)),
    observe: (url, connectionId) => changeObservers(url, 'ADD', connectionId),
    unobserve: (url, connectionId) => changeObservers(url, 'DELETE', connectionId),
  };
}

function idOfKey({ pk }: Item): string {
  return String(pk).slice(keyOf('').pk.length);
}

/** DynamoDB takes this many keys in one batch. */
const BATCH = 100;

function stateOf(item: Item): RoomState | undefined {
  return Object.keys(item).length > 0 ? roomFrom(item) : undefined;
}
