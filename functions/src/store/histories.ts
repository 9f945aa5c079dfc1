import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DataMessage, idOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { RoomState } from '../conference/room-state.ts';
import { conditional, type Item, namesOf, type Table } from './table.ts';

/** The data messages of a room that are kept for those who join later: one item for each room. */
export interface Histories {
  append(room: RoomState, message: DataMessage): Promise<void>;
  /** Oldest first: the newest that the room's options let it keep, as many as fit an answer. */
  read(room: RoomState): Promise<DataMessage[]>;
  remove(url: string): Promise<void>;
}

/** What an answer carries of them, as JSON: a gateway's message less its envelope. */
const MAX_BYTES = 100_000;

/** A history that nobody adds to is forgotten after a month, if its room has not taken it along before. */
const REMEMBERED = 30 * 24 * 3600;

const MAX_ATTEMPTS = 20;

const StoredHistory = v.object({
  incarnation: v.string(),
  /** Rises with each write. */
  revision: v.number(),
  /** JSON. */
  messages: v.array(v.string()),
});
type StoredHistory = v.InferOutput<typeof StoredHistory>;

export function historyStore(table: Table, clock: () => number = Date.now): Histories {
  const TableName = table.name;
  const keyOf = (url: string) => ({ pk: `history#${idOf(url)}` });
  const ttl = () => Math.ceil(clock() / 1000) + REMEMBERED;

  async function find(url: string): Promise<StoredHistory | undefined> {
    const { Item } = await table.documents.send(new GetCommand({ TableName, Key: keyOf(url), ConsistentRead: true }));
    return Item && v.parse(StoredHistory, Item);
  }

  /** Without a read, while it is not twice as long as it need be. */
  async function add({ url, incarnation, options }: RoomState, message: string): Promise<boolean> {
    const added = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(url),
          UpdateExpression: `SET #messages = list_append(if_not_exists(#messages, :none), :added),
            #incarnation = :incarnation, #ttl = :ttl ADD #revision :one, #bytes :bytes`,
          ConditionExpression: `attribute_not_exists(#incarnation) OR
            (#incarnation = :incarnation AND size(#messages) < :most AND #bytes < :mostBytes)`,
          ExpressionAttributeNames: namesOf('messages', 'incarnation', 'ttl', 'revision', 'bytes'),
          ExpressionAttributeValues: {
            ':none': [],
            ':added': [message],
            ':incarnation': incarnation,
            ':ttl': ttl(),
            ':one': 1,
            ':bytes': Buffer.byteLength(message),
            ':most': 2 * options.history,
            ':mostBytes': 2 * MAX_BYTES,
          },
        }),
      ),
    );
    return added.written;
  }

  /** Makes room, or begins anew in another life of the room. */
  async function replace(room: RoomState, found: StoredHistory | undefined, message: string): Promise<boolean> {
    const messages = [...kept(room, found), message].slice(-room.options.history);
    const Item: Item = {
      ...keyOf(room.url),
      incarnation: room.incarnation,
      revision: (found?.revision ?? 0) + 1,
      bytes: messages.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      messages,
      ttl: ttl(),
    };
    const replaced = await conditional(
      table.documents.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: found ? '#revision = :seen' : 'attribute_not_exists(#revision)',
          ExpressionAttributeNames: namesOf('revision'),
          ...(found && { ExpressionAttributeValues: { ':seen': found.revision } }),
        }),
      ),
    );
    return replaced.written;
  }

  return {
    async append(room, message) {
      const text = JSON.stringify(message);
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (await add(room, text)) return;
        if (await replace(room, await find(room.url), text)) return;
      }
      throw new Error(`history of ${room.url}: gave up after ${MAX_ATTEMPTS} attempts`);
    },

    async read(room) {
      return kept(room, await find(room.url)).map((text) => v.parse(DataMessage, JSON.parse(text)));
    },

    async remove(url) {
      await table.documents.send(new DeleteCommand({ TableName, Key: keyOf(url) }));
    },
  };
}

/** The newest of this life of the room, within both bounds. */
function kept({ incarnation, options }: RoomState, found: StoredHistory | undefined): string[] {
  if (found?.incarnation !== incarnation) return [];
  const newest: string[] = [];
  let bytes = 0;
  for (const text of found.messages.slice(-options.history).reverse()) {
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MAX_BYTES) break;
    newest.unshift(text);
  }
  return newest;
}
