import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { NodeStatus } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { MediaNode } from '../media/placement.ts';
import { type Conditional, conditional, type Item, namesOf, type Table } from './table.ts';

/*
 * All media nodes are attributes of one item: a heartbeat's own write returns the whole list, so a warm function places
 * rooms without reading.
 */

const KEY = { pk: 'media-nodes' };
const NODE = 'node.';

export interface Nodes {
  /** Writes a node's state and gives all nodes as they now are; or, unless `anyway`, nothing, where it is away on this connection. */
  put(node: MediaNode, anyway?: boolean): Promise<MediaNode[] | undefined>;
  /** Its socket is closed since then, unless it has another or that has been noted already. */
  setAway(url: string, connectionId: string, since: number): Promise<void>;
  /** Only one of those who claim a node as they know it succeeds. */
  claim(node: MediaNode, now: number): Promise<boolean>;
  /** Forgets a node that is still claimed as it was then. */
  forget(url: string, claimed: number): Promise<void>;
  list(): Promise<MediaNode[]>;
}

const StoredNode = v.object({
  ...NodeStatus.entries,
  url: v.string(),
  connectionId: v.string(),
  heard: v.number(),
  away: v.optional(v.number()),
  claimed: v.optional(v.number()),
});

/** What another version of the functions has stored is written anew by the node's next heartbeat. */
function fromItem(item: Item): MediaNode[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(NODE))
    .flatMap(([, value]) => {
      const node = v.safeParse(StoredNode, value);
      return node.success ? [node.output] : [];
    });
}

type Expressions = Omit<UpdateCommandInput, 'TableName' | 'Key' | 'ExpressionAttributeNames'>;

export function nodeStore(table: Table): Nodes {
  const TableName = table.name;

  function update(url: string, expressions: Expressions, ...attributes: readonly string[]): Promise<Conditional> {
    const ExpressionAttributeNames = { '#node': NODE + url, ...namesOf(...attributes) };
    return conditional(
      table.documents.send(new UpdateCommand({ TableName, Key: KEY, ExpressionAttributeNames, ...expressions })),
    );
  }

  return {
    async put(node, anyway = false) {
      const put = await update(
        node.url,
        {
          UpdateExpression: 'SET #node = :node',
          ConditionExpression:
            'attribute_not_exists(#node.#away) OR #node.#connectionId <> :connectionId OR :anyway = :yes',
          ExpressionAttributeValues: {
            ':node': node,
            ':connectionId': node.connectionId,
            ':anyway': anyway,
            ':yes': true,
          },
          ReturnValues: 'ALL_NEW',
        },
        'away',
        'connectionId',
      );
      return put.written ? fromItem(put.item) : undefined;
    },

    async setAway(url, connectionId, since) {
      await update(
        url,
        {
          UpdateExpression: 'SET #node.#away = :since',
          ConditionExpression:
            '#node.#connectionId = :connectionId AND (attribute_not_exists(#node.#away) OR #node.#away > :since)',
          ExpressionAttributeValues: { ':connectionId': connectionId, ':since': since },
        },
        'away',
        'connectionId',
      );
    },

    async claim({ url, connectionId, heard, claimed }, now) {
      const won = await update(
        url,
        {
          UpdateExpression: 'SET #node.#claimed = :now',
          ConditionExpression: `#node.#connectionId = :connectionId AND #node.#heard = :heard AND ${
            claimed === undefined ? 'attribute_not_exists(#node.#claimed)' : '#node.#claimed = :claimed'
          }`,
          ExpressionAttributeValues: {
            ':now': now,
            ':connectionId': connectionId,
            ':heard': heard,
            ...(claimed !== undefined && { ':claimed': claimed }),
          },
        },
        'claimed',
        'connectionId',
        'heard',
      );
      return won.written;
    },

    async forget(url, claimed) {
      await update(
        url,
        {
          UpdateExpression: 'REMOVE #node',
          ConditionExpression: '#node.#claimed = :claimed',
          ExpressionAttributeValues: { ':claimed': claimed },
        },
        'claimed',
      );
    },

    async list() {
      const { Item } = await table.documents.send(new GetCommand({ TableName, Key: KEY, ConsistentRead: true }));
      return fromItem(Item ?? {});
    },
  };
}
