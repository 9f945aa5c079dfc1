import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { NodeStatus } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { MediaNode } from '../media/placement.ts';
import { conditional, type Item, type Table } from './table.ts';

/*
 * All media nodes are attributes of one item: a heartbeat's own write returns the whole list, so a warm function places
 * rooms without reading.
 */

const KEY = { pk: 'media-nodes' };
const NODE = 'node.';

export interface Nodes {
  /** Writes a node's state; gives all nodes as they now are. */
  put(node: MediaNode): Promise<MediaNode[]>;
  /** Forgets a node, unless it has come back on another connection. */
  remove(url: string, connectionId: string): Promise<void>;
  list(): Promise<MediaNode[]>;
}

const StoredNode = v.object({ ...NodeStatus.entries, url: v.string(), connectionId: v.string(), expires: v.number() });

function fromItem(item: Item): MediaNode[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(NODE))
    .map(([, value]) => v.parse(StoredNode, value));
}

export function nodeStore(table: Table): Nodes {
  const TableName = table.name;

  return {
    async put(node) {
      const { Attributes } = await table.documents.send(
        new UpdateCommand({
          TableName,
          Key: KEY,
          UpdateExpression: 'SET #node = :node',
          ExpressionAttributeNames: { '#node': NODE + node.url },
          ExpressionAttributeValues: { ':node': node },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return fromItem(Attributes ?? {});
    },

    async remove(url, connectionId) {
      await conditional(
        table.documents.send(
          new UpdateCommand({
            TableName,
            Key: KEY,
            UpdateExpression: 'REMOVE #node',
            ConditionExpression: '#node.#connectionId = :connectionId',
            ExpressionAttributeNames: { '#node': NODE + url, '#connectionId': 'connectionId' },
            ExpressionAttributeValues: { ':connectionId': connectionId },
          }),
        ),
      );
    },

    async list() {
      const { Item } = await table.documents.send(new GetCommand({ TableName, Key: KEY, ConsistentRead: true }));
      return fromItem(Item ?? {});
    },
  };
}
