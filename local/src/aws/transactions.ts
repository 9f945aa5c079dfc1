import {
  type Dynalite,
  type DynaliteOperation,
  type Item,
  type Request,
  type Response,
  ServiceError,
} from './dynalite.ts';

const namespace = 'com.amazonaws.dynamodb.v20120810';

/** Names of the attributes that make a table's key. */
export type KeyOf = (tableName: string) => readonly string[];

interface TransactionItem {
  readonly tableName: string;
  readonly key: Item;
  /** Undefined for a condition check, which changes nothing. */
  readonly operation: DynaliteOperation | undefined;
  readonly parsed: object;
  readonly returnsItem: boolean;
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** Must run alone: nothing else may write between its conditions and its writes. */
export async function transactWrite(dynalite: Dynalite, request: Request, keyOf: KeyOf): Promise<Response> {
  const items = actionsOf(request).map((action) => parseAction(dynalite, action, keyOf));
  if (new Set(items.map(({ tableName, key }) => JSON.stringify([tableName, key]))).size < items.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
  const before = await Promise.all(items.map((item) => getItem(dynalite, item)));
  const reasons = items.map((item, index) => check(dynalite, item, before[index]));
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  await applyAll(dynalite, items, before);
  return {};
}

export async function transactGet(dynalite: Dynalite, request: Request): Promise<Response> {
  const responses = await Promise.all(
    actionsOf(request).map((action) => dynalite.run('GetItem', { ...(action.Get as Request), ConsistentRead: true })),
  );
  return { Responses: responses };
}

function actionsOf(request: Request): readonly Request[] {
  const actions = request.TransactItems;
  if (!Array.isArray(actions) || actions.length === 0 || actions.length > 100) {
    throw invalid('Member must have length between 1 and 100 at transactItems');
  }
  return actions;
}

function parseAction(dynalite: Dynalite, action: Request, keyOf: KeyOf): TransactionItem {
  const [[name, argument] = ['', {}]] = Object.entries(action);
  const request = argument as Request;
  const tableName = String(request.TableName);
  const common = { tableName, returnsItem: request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' };
  switch (name) {
    case 'Put': {
      const item = request.Item as Item;
      const key = Object.fromEntries(keyOf(tableName).map((attribute) => [attribute, item[attribute]]));
      return { ...common, key, operation: 'PutItem', parsed: dynalite.parse('PutItem', request) };
    }
    case 'Update':
      return {
        ...common,
        key: request.Key as Item,
        operation: 'UpdateItem',
        parsed: dynalite.parse('UpdateItem', request),
      };
    case 'Delete':
    case 'ConditionCheck':
      return {
        ...common,
        key: request.Key as Item,
        operation: name === 'Delete' ? 'DeleteItem' : undefined,
        parsed: dynalite.parse('DeleteItem', request),
      };
    default:
      throw invalid(`Unknown action in transaction: ${name}`);
  }
}

async function getItem(dynalite: Dynalite, { tableName, key }: TransactionItem): Promise<Item | undefined> {
  const { Item: item } = await dynalite.run('GetItem', { TableName: tableName, Key: key, ConsistentRead: true });
  return item as Item | undefined;
}

function check(dynalite: Dynalite, item: TransactionItem, current: Item | undefined): CancellationReason {
  if (dynalite.meetsCondition(item.parsed, current)) return { Code: 'None' };
  return {
    Code: 'ConditionalCheckFailed',
    Message: 'The conditional request failed',
    ...(item.returnsItem && current !== undefined ? { Item: current } : {}),
  };
}

// A write may still fail, say on an update of the wrong type: then those before it are undone.
async function applyAll(
  dynalite: Dynalite,
  items: readonly TransactionItem[],
  before: readonly (Item | undefined)[],
): Promise<void> {
  for (const [index, { operation, parsed }] of items.entries()) {
    if (operation === undefined) continue;
    try {
      await dynalite.perform(operation, parsed);
    } catch (error) {
      for (const undone of items.slice(0, index).keys()) await restore(dynalite, items[undone], before[undone]);
      if (!(error instanceof ServiceError)) throw error;
      throw cancelled(
        items.map((_, other) =>
          other === index ? { Code: 'ValidationError', Message: error.message } : { Code: 'None' },
        ),
      );
    }
  }
}

async function restore(dynalite: Dynalite, item: TransactionItem | undefined, before: Item | undefined): Promise<void> {
  if (item?.operation === undefined) return;
  const { tableName: TableName, key: Key } = item;
  if (before === undefined) await dynalite.run('DeleteItem', { TableName, Key });
  else await dynalite.run('PutItem', { TableName, Item: before });
}

function cancelled(reasons: readonly CancellationReason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new ServiceError(400, {
    __type: `${namespace}#TransactionCanceledException`,
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  });
}

function invalid(message: string): ServiceError {
  return new ServiceError(400, { __type: 'com.amazon.coral.validate#ValidationException', message });
}
