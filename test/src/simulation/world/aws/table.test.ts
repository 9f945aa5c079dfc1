import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { SimulatedTable } from './table.ts';

const add = (pk: string, most: number) => ({
  name: 'UpdateCommand',
  input: {
    Key: { pk },
    UpdateExpression: 'SET #n = if_not_exists(#n, :zero) + :one, #c = :c',
    ConditionExpression: 'attribute_not_exists(#n) OR #n < :most',
    ExpressionAttributeNames: { '#n': 'n', '#c': 'connectionId' },
    ExpressionAttributeValues: { ':zero': 0, ':one': 1, ':most': most, ':c': 'c1' },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const ofConnection = {
  name: 'QueryCommand',
  input: {
    IndexName: 'byConnection',
    KeyConditionExpression: '#a = :key',
    ExpressionAttributeNames: { '#a': 'connectionId' },
    ExpressionAttributeValues: { ':key': 'c1' },
  },
};

describe('the simulated table', () => {
  it('evaluates expressions, each with its own names and values', () => {
    const table = new SimulatedTable({ later: (_key, write) => write() });
    table.run(add('a', 2));
    expect(table.run(add('a', 2)).Attributes).toEqual({ pk: 'a', n: 2, connectionId: 'c1' });
    expect(table.run(add('b', 2)).Attributes).toEqual({ pk: 'b', n: 1, connectionId: 'c1' });
  });

  it('refuses what does not meet its condition, with the item as it is', () => {
    const table = new SimulatedTable({ later: (_key, write) => write() });
    table.run(add('a', 1));
    try {
      table.run(add('a', 1));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      expect((error as ConditionalCheckFailedException).Item).toMatchObject({ n: { N: '1' } });
    }
  });

  it('knows by its indexes what they have been told by then', () => {
    const told: (() => void)[] = [];
    const table = new SimulatedTable({ later: (_key, write) => void told.push(write) });
    table.run(add('a', 9));
    expect(table.run(ofConnection).Items).toEqual([]);
    table.run(add('a', 9));
    told[0]?.();
    expect(table.run(ofConnection).Items).toEqual([{ pk: 'a', n: 1, connectionId: 'c1' }]);
    table.run({ name: 'DeleteCommand', input: { Key: { pk: 'a' } } });
    for (const write of told.slice(1)) write();
    expect(table.run(ofConnection).Items).toEqual([]);
  });
});
