import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TokenRole } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { RequestContext } from '../gateway-events.ts';
import type { AuthorizerContext } from '../messaging-node/session.ts';
import type { Table } from './table.ts';

/** What API Gateway says of a connection in each of its events, if an authorizer was asked. */
export type AuthorizedConnection = Pick<RequestContext, 'connectionId' | 'connectedAt'> & {
  readonly authorizer: AuthorizerContext;
};

/** The same, for emulators of API Gateway that ask none. */
export interface Connections {
  put(connection: AuthorizedConnection): Promise<void>;
  get(connectionId: string): Promise<AuthorizedConnection | undefined>;
  remove(connectionId: string): Promise<void>;
}

const keyOf = (connectionId: string) => ({ pk: `connection#${connectionId}` });

/** Seconds. API Gateway ends a connection after two hours; its last messages may still be under way. */
const KEPT = 2 * 3_600 + 600;

const StoredConnection = v.object({
  // Not under the name that has an item listed among what a connection holds.
  id: v.string(),
  connectedAt: v.number(),
  authorizer: v.object({
    user: v.string(),
    name: v.exactOptional(v.string()),
    metadata: v.exactOptional(v.string()),
    role: TokenRole,
    grants: v.string(),
    expires: v.exactOptional(v.number()),
  }),
});

export function connectionStore(table: Table, clock: () => number = Date.now): Connections {
  const TableName = table.name;

  return {
    async put({ connectionId: id, connectedAt, authorizer }) {
      const Item = { ...keyOf(id), id, connectedAt, authorizer, ttl: Math.ceil(clock() / 1000) + KEPT };
      await table.documents.send(new PutCommand({ TableName, Item }));
    },

    // However old: no other connection ever has its id, and what its token allows ends with that.
    async get(connectionId) {
      const Key = keyOf(connectionId);
      const { Item } = await table.documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      if (!Item) return undefined;
      const { id, ...stored } = v.parse(StoredConnection, Item);
      return { connectionId: id, ...stored };
    },

    async remove(connectionId) {
      await table.documents.send(new DeleteCommand({ TableName, Key: keyOf(connectionId) }));
    },
  };
}
