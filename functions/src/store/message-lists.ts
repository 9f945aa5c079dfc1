import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DataMessage } from '@hyperroom/protocol';
import * as v from 'valibot';
import { inSpiteOfRivals } from '../attempts.ts';
import { conditional, type Item, namesOf, type Table } from './table.ts';

/** A list of data messages, in an item of its own. */
export interface MessageList {
  readonly key: string;
  /** Whose it is: what another life has left under the same key is none of this one's. */
  readonly life: string;
  /** The newest are kept, so many and, as JSON, so large. */
  readonly most: number;
  readonly mostBytes: number;
}

export interface KeptMessages {
  /** Oldest first. */
  readonly messages: DataMessage[];
  /** Rises with each that is added. */
  readonly revision: number;
}

export interface MessageLists {
  append(list: MessageList, message: DataMessage): Promise<void>;
  read(list: MessageList): Promise<KeptMessages>;
  /** `seen`: unless it has been added to since. */
  remove(list: Pick<MessageList, 'key' | 'life'>, seen?: number): Promise<void>;
}

/** A list that nobody adds to is forgotten after a month, if it has not been removed before. */
const REMEMBERED = 30 * 24 * 3600;

const StoredList = v.object({
  life: v.string(),
  revision: v.number(),
  /** JSON. */
  messages: v.array(v.string()),
});
type StoredList = v.InferOutput<typeof StoredList>;

export function messageLists(table: Table, clock: () => number = Date.now): MessageLists {
  const TableName = table.name;
  const keyOf = (key: string) => ({ pk: key });
  const ttl = () => Math.ceil(clock() / 1000) + REMEMBERED;

  async function find(key: string): Promise<StoredList | undefined> {
    const { Item } = await table.documents.send(new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true }));
    return Item && v.parse(StoredList, Item);
  }

  /** Without a read, while it is not twice as long as it need be. */
  async function add({ key, life, most, mostBytes }: MessageList, message: string): Promise<boolean> {
    const added = await conditional(
      table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(key),
          UpdateExpression: `SET #messages = list_append(if_not_exists(#messages, :none), :added),
            #life = :life, #ttl = :ttl ADD #revision :one, #bytes :bytes`,
          ConditionExpression: `attribute_not_exists(#life) OR
            (#life = :life AND size(#messages) < :most AND #bytes < :mostBytes)`,
          ExpressionAttributeNames: namesOf('messages', 'life', 'ttl', 'revision', 'bytes'),
          ExpressionAttributeValues: {
            ':none': [],
            ':added': [message],
            ':life': life,
            ':ttl': ttl(),
            ':one': 1,
            ':bytes': Buffer.byteLength(message),
            ':most': 2 * most,
            ':mostBytes': 2 * mostBytes,
          },
        }),
      ),
    );
    return added.written;
  }

  /** Makes room, or begins anew in another life. */
  async function replace(list: MessageList, found: StoredList | undefined, message: string): Promise<boolean> {
    const messages = [...kept(list, found), message].slice(-list.most);
    const Item: Item = {
      ...keyOf(list.key),
      life: list.life,
      messages,
      revision: (found?.revision ?? 0) + 1,
      bytes: messages.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
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
    async append(list, message) {
      const text = JSON.stringify(message);
      await inSpiteOfRivals(list.key, async () => {
        const stands = (await add(list, text)) || (await replace(list, await find(list.key), text));
        return stands || undefined;
      });
    },

    async read(list) {
      const found = await find(list.key);
      const messages = kept(list, found).map((text) => v.parse(DataMessage, JSON.parse(text)));
      // A sender that was not answered sends again, under the same id.
      const once = new Map(messages.map((message) => [message.id, message]));
      return { messages: [...once.values()], revision: found?.revision ?? 0 };
    },

    async remove({ key, life }, seen) {
      await conditional(
        table.documents.send(
          new DeleteCommand({
            TableName,
            Key: keyOf(key),
            ConditionExpression: `#life = :life${seen === undefined ? '' : ' AND #revision = :seen'}`,
            ExpressionAttributeNames: namesOf('life', ...(seen === undefined ? [] : ['revision'])),
            ExpressionAttributeValues: { ':life': life, ...(seen !== undefined && { ':seen': seen }) },
          }),
        ),
      );
    },
  };
}

/** The newest of this life, within both bounds. */
function kept({ life, most, mostBytes }: MessageList, found: StoredList | undefined): string[] {
  if (found?.life !== life) return [];
  const newest: string[] = [];
  let bytes = 0;
  for (const text of found.messages.slice(-most).reverse()) {
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > mostBytes) break;
    newest.unshift(text);
  }
  return newest;
}
