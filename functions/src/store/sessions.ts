import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { conditional, type Item, queryByConnection, type Table, textSet } from './table.ts';

/** What must be remembered of a connection: its runtime's session, if it opened one, and what it has subscribed to. */
export interface SessionRecord {
  /** The runtime's token; of a connection that never opened a session, its own id. */
  readonly id: string;
  readonly connectionId: string;
  readonly user: string;
  /** Absent: no session was opened, and the record ends with the connection. */
  readonly runtime: string | undefined;
  readonly topics: readonly string[];
  /** Addresses that its runtime has taken into another session while this one was away: a `re-open` takes them back. */
  readonly lent: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export interface Sessions {
  put(session: SessionRecord): Promise<void>;
  get(id: string): Promise<SessionRecord | undefined>;
  /** Moves a session to another connection; false if somebody else has just done so. */
  move(session: SessionRecord, to: Pick<SessionRecord, 'connectionId' | 'user' | 'expires'>): Promise<boolean>;
  ofConnection(connectionId: string): Promise<SessionRecord[]>;
  /** Notes what a record subscribes to, or no longer does; it is made if there is none. */
  note(
    session: Omit<SessionRecord, 'topics' | 'lent'>,
    verb: 'ADD' | 'DELETE',
    topics: readonly string[],
  ): Promise<void>;
  lend(id: string, url: string): Promise<void>;
  remove(id: string): Promise<void>;
}

const SESSION = 'session#';
const keyOf = (id: string) => ({ pk: SESSION + id });
const ttlOf = (expires: number) => Math.ceil(expires / 1000);

const StoredSession = v.object({
  id: v.string(),
  connectionId: v.string(),
  user: v.string(),
  runtime: v.optional(v.string()),
  topics: v.optional(v.set(v.string())),
  lent: v.optional(v.set(v.string())),
  expires: v.number(),
});

function sessionFrom(item: Item): SessionRecord {
  const { runtime, topics, lent, ...rest } = v.parse(StoredSession, item);
  return { ...rest, runtime, topics: [...(topics ?? [])], lent: [...(lent ?? [])] };
}

export function sessionStore(table: Table, clock: () => number = Date.now): Sessions {
  const TableName = table.name;

  return {
    async put(session) {
      const Item = {
        ...keyOf(session.id),
        ...session,
        topics: textSet(session.topics),
        lent: textSet(session.lent),
        ttl: ttlOf(session.expires),
      };
      await table.documents.send(new PutCommand({ TableName, Item }));
    },

    async get(id) {
      const { Item } = await table.documents.send(new GetCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      const session = Item && sessionFrom(Item);
      return session && session.expires > clock() ? session : undefined;
    },

    async move(session, { connectionId, user, expires }) {
      const update = await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(session.id),
            UpdateExpression: 'SET #connectionId = :connectionId, #user = :user, #expires = :expires, #ttl = :ttl',
            ConditionExpression: '#connectionId = :from',
            ExpressionAttributeNames: {
              '#connectionId': 'connectionId',
              '#user': 'user',
              '#expires': 'expires',
              '#ttl': 'ttl',
            },
            ExpressionAttributeValues: {
              ':connectionId': connectionId,
              ':user': user,
              ':expires': expires,
              ':ttl': ttlOf(expires),
              ':from': session.connectionId,
            },
          }),
        ),
      );
      return update.written;
    },

    async ofConnection(connectionId) {
      const items = await queryByConnection(table, connectionId, SESSION);
      return items.map(sessionFrom);
    },

    async note(session, verb, topics) {
      await table.documents.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(session.id),
          UpdateExpression: `SET #id = :id, #connectionId = :connectionId, #user = :user, #expires = :expires, #ttl = :ttl ${verb} #topics :topics`,
          ExpressionAttributeNames: {
            '#id': 'id',
            '#connectionId': 'connectionId',
            '#user': 'user',
            '#expires': 'expires',
            '#ttl': 'ttl',
            '#topics': 'topics',
          },
          ExpressionAttributeValues: {
            ':id': session.id,
            ':connectionId': session.connectionId,
            ':user': session.user,
            ':expires': session.expires,
            ':ttl': ttlOf(session.expires),
            ':topics': new Set(topics),
          },
        }),
      );
    },

    async lend(id, url) {
      await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(id),
            UpdateExpression: 'ADD #lent :lent',
            ConditionExpression: 'attribute_exists(#runtime)',
            ExpressionAttributeNames: { '#lent': 'lent', '#runtime': 'runtime' },
            ExpressionAttributeValues: { ':lent': new Set([url]) },
          }),
        ),
      );
    },

    async remove(id) {
      await table.documents.send(new DeleteCommand({ TableName, Key: keyOf(id) }));
    },
  };
}
