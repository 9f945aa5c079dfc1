import { BatchGetCommand, DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { conditional, type Table } from './table.ts';

/** Who owns an address, and where it is reached. */
export interface AddressEntry {
  readonly url: string;
  readonly connectionId: string;
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** The rooms that it joined on this connection: what to look after when the connection ends. */
  readonly rooms: readonly string[];
}

export interface Addresses {
  /** False if another user holds the address. */
  claim(entry: AddressEntry): Promise<boolean>;
  /** Both false if the address is not held by this connection. */
  keepAlive(url: string, connectionId: string, expires: number): Promise<boolean>;
  release(url: string, connectionId: string): Promise<boolean>;
  /** Notes a room that an address of this connection is about to join; false if the connection does not hold it. */
  noteRoom(url: string, connectionId: string, room: string): Promise<boolean>;
  lookUp(urls: readonly string[]): Promise<Map<string, AddressEntry>>;
  ofConnection(connectionId: string): Promise<AddressEntry[]>;
}

const StoredAddress = v.object({
  url: v.string(),
  connectionId: v.string(),
  user: v.string(),
  expires: v.number(),
  rooms: v.optional(v.set(v.string())),
});

function fromItem(item: unknown): AddressEntry {
  const { rooms, ...entry } = v.parse(StoredAddress, item);
  return { ...entry, rooms: [...(rooms ?? [])] };
}

const keyOf = (url: string) => ({ pk: `address#${url}` });
/** TTL deletes late, and only to tidy up: reads compare `expires` themselves. */
const ttlOf = (expires: number) => Math.ceil(expires / 1000);

export function addressStore(table: Table, clock: () => number = Date.now): Addresses {
  const TableName = table.name;

  return {
    async claim({ url, connectionId, user, expires, rooms }) {
      const put = await conditional(
        table.documents.send(
          new PutCommand({
            TableName,
            Item: {
              ...keyOf(url),
              url,
              connectionId,
              user,
              expires,
              ttl: ttlOf(expires),
              // DynamoDB has no empty sets.
              rooms: rooms.length > 0 ? new Set(rooms) : undefined,
            },
            ConditionExpression: 'attribute_not_exists(#user) OR #user = :user OR #expires < :now',
            ExpressionAttributeNames: { '#user': 'user', '#expires': 'expires' },
            ExpressionAttributeValues: { ':user': user, ':now': clock() },
          }),
        ),
      );
      return put.written;
    },

    async keepAlive(url, connectionId, expires) {
      const update = await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(url),
            UpdateExpression: 'SET #expires = :expires, #ttl = :ttl',
            ConditionExpression: '#connectionId = :connectionId',
            ExpressionAttributeNames: { '#expires': 'expires', '#ttl': 'ttl', '#connectionId': 'connectionId' },
            ExpressionAttributeValues: { ':expires': expires, ':ttl': ttlOf(expires), ':connectionId': connectionId },
          }),
        ),
      );
      return update.written;
    },

    async release(url, connectionId) {
      const deletion = await conditional(
        table.documents.send(
          new DeleteCommand({
            TableName,
            Key: keyOf(url),
            ConditionExpression: '#connectionId = :connectionId',
            ExpressionAttributeNames: { '#connectionId': 'connectionId' },
            ExpressionAttributeValues: { ':connectionId': connectionId },
          }),
        ),
      );
      return deletion.written;
    },

    async noteRoom(url, connectionId, room) {
      const update = await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(url),
            UpdateExpression: 'ADD #rooms :room',
            ConditionExpression: '#connectionId = :connectionId',
            ExpressionAttributeNames: { '#rooms': 'rooms', '#connectionId': 'connectionId' },
            ExpressionAttributeValues: { ':room': new Set([room]), ':connectionId': connectionId },
          }),
        ),
      );
      return update.written;
    },

    async lookUp(urls) {
      const Keys = [...new Set(urls)].map(keyOf);
      const { Responses } = await table.documents.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
      );
      const entries = (Responses?.[TableName] ?? []).map(fromItem).filter((entry) => entry.expires > clock());
      return new Map(entries.map((entry) => [entry.url, entry]));
    },

    async ofConnection(connectionId) {
      const { Items } = await table.documents.send(
        new QueryCommand({
          TableName,
          IndexName: 'byConnection',
          KeyConditionExpression: '#connectionId = :connectionId',
          ExpressionAttributeNames: { '#connectionId': 'connectionId' },
          ExpressionAttributeValues: { ':connectionId': connectionId },
        }),
      );
      return (Items ?? []).map(fromItem);
    },
  };
}
