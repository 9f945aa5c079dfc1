import { expect, test } from 'vitest';
import { databaseAccesses, isAllowed } from './permissions.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/rooms';
const readsIndex = {
  Effect: 'Allow',
  Action: ['dynamodb:Query', 'dynamodb:Get*'],
  Resource: [`${table}/index/*`, table],
};

test.each([
  ['dynamodb:Query', `${table}/index/byConnection`, true],
  ['dynamodb:GetItem', table, true],
  ['dynamodb:PutItem', table, false],
  ['dynamodb:GetItem', `${table}-other`, false],
])('%s on %s: %s', (action, resource, allowed) => {
  expect(isAllowed([readsIndex], { action, resource })).toBe(allowed);
});

test('a denial outweighs every permission', () => {
  const denial = { Effect: 'Deny', Action: '*', Resource: table };
  expect(isAllowed([readsIndex, denial], { action: 'dynamodb:GetItem', resource: table })).toBe(false);
});

test('a request needs what its parts need', () => {
  const arnOf = (name: string) => `arn:${name}`;
  expect(databaseAccesses('Query', { TableName: 'a', IndexName: 'byConnection' }, arnOf)).toEqual([
    { action: 'dynamodb:Query', resource: 'arn:a/index/byConnection' },
  ]);
  expect(databaseAccesses('BatchGetItem', { RequestItems: { a: {}, b: {} } }, arnOf)).toEqual([
    { action: 'dynamodb:BatchGetItem', resource: 'arn:a' },
    { action: 'dynamodb:BatchGetItem', resource: 'arn:b' },
  ]);
  const TransactItems = [{ Put: { TableName: 'a' } }, { ConditionCheck: { TableName: 'b' } }];
  expect(databaseAccesses('TransactWriteItems', { TransactItems }, arnOf)).toEqual([
    { action: 'dynamodb:PutItem', resource: 'arn:a' },
    { action: 'dynamodb:ConditionCheckItem', resource: 'arn:b' },
  ]);
});
