import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ADDRESS } from './addresses.ts';
import { conditional, type Table } from './table.ts';

/** Who wants what is published to an address that many may subscribe to: `<object>/changes`, for one. */
export interface Topics {
  subscribe(url: string, connectionId: string): Promise<void>;
  unsubscribe(url: string, connectionId: string): Promise<void>;
}

export function topicStore(table: Table): Topics {
  const TableName = table.name;
  const keyOf = (url: string) => ({ pk: ADDRESS + url });

  /** The subscribers as they now are. */
  async function change(url: string, verb: 'ADD' | 'DELETE', connectionId: string): Promise<unknown> {
    const { Attributes } = await table.documents.send(
      new UpdateCommand({
        TableName,
        Key: keyOf(url),
        UpdateExpression: `SET #url = :url ${verb} #subscribers :connection`,
        ExpressionAttributeNames: { '#url': 'url', '#subscribers': 'subscribers' },
        ExpressionAttributeValues: { ':url': url, ':connection': new Set([connectionId]) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes?.subscribers;
  }

  return {
    async subscribe(url, connectionId) {
      await change(url, 'ADD', connectionId);
    },
    async unsubscribe(url, connectionId) {
      if (await change(url, 'DELETE', connectionId)) return;
      await conditional(
        table.documents.send(
          new DeleteCommand({
            TableName,
            Key: keyOf(url),
            ConditionExpression: 'attribute_not_exists(#subscribers) AND attribute_not_exists(#user)',
            ExpressionAttributeNames: { '#subscribers': 'subscribers', '#user': 'user' },
          }),
        ),
      );
    },
  };
}
