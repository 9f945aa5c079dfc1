import type { Clock } from './clock.ts';
import type { TableDefinition } from './deployment.ts';
import { Dynalite, type DynaliteOperation, type Item, type Request, type Response, ServiceError } from './dynalite.ts';
import type { DatabaseAccess } from './metrics.ts';
import { transactGet, transactWrite } from './transactions.ts';

interface KeySchemaElement {
  readonly AttributeName: string;
}

const conditionalWrites: readonly string[] = ['DeleteItem', 'PutItem', 'UpdateItem'];
const writes: readonly string[] = [...conditionalWrites, 'BatchWriteItem'];

/** dynalite, and what DynamoDB does that dynalite does not: transactions, expiry, the item of a failed condition. */
export class DynamoDb {
  readonly #dynalite = new Dynalite();
  readonly #keys = new Map<string, readonly string[]>();
  readonly #ttlAttributes = new Map<string, string>();
  readonly #clock: Clock;
  readonly #sweepEveryMs: number;
  #cancelSweep: () => void = () => {};
  #gate: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(clock: Clock, sweepEveryMs: number) {
    this.#clock = clock;
    this.#sweepEveryMs = sweepEveryMs;
    this.#scheduleSweep();
  }

  async createTable({ name, createInput, ttlAttribute }: TableDefinition): Promise<void> {
    await this.#dynalite.run('CreateTable', createInput);
    const schema = createInput.KeySchema as readonly KeySchemaElement[];
    this.#keys.set(
      name,
      schema.map(({ AttributeName }) => AttributeName),
    );
    if (ttlAttribute !== undefined) this.#ttlAttributes.set(name, ttlAttribute);
    while (!(await this.#isActive(name))) await new Promise(setImmediate);
  }

  async run(operation: string, request: Request): Promise<Response> {
    switch (operation) {
      case 'TransactWriteItems':
        return this.#alone(() => transactWrite(this.#dynalite, request, (table) => this.#keys.get(table) ?? []));
      case 'TransactGetItems':
        return this.#alone(() => transactGet(this.#dynalite, request));
      case 'UpdateTimeToLive':
        return this.#updateTimeToLive(request);
      case 'DescribeTimeToLive':
        return { TimeToLiveDescription: this.#describeTimeToLive(String(request.TableName)) };
    }
    if (!this.#dynalite.supports(operation)) {
      throw new ServiceError(400, {
        __type: 'com.amazon.coral.service#UnknownOperationException',
        message: `${operation} is not emulated`,
      });
    }
    if (!writes.includes(operation)) return this.#dynalite.run(operation, request);
    return this.#alone(() => this.#write(operation, request));
  }

  /** Deletes what has expired. On AWS that may take two days. */
  async sweep(): Promise<void> {
    const now = String(Math.floor(this.#clock.now() / 1000));
    for (const [table, attribute] of this.#ttlAttributes) {
      const expired = {
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: { ':now': { N: now } },
      };
      for (const item of await this.#scan(table, { ...expired, FilterExpression: '#ttl <= :now' })) {
        const Key = this.#keyOf(table, item);
        // Conditional, for it may have been given more time since it was read.
        await this.run('DeleteItem', { TableName: table, Key, ...expired, ConditionExpression: '#ttl <= :now' }).catch(
          ignoreFailedCondition,
        );
      }
    }
  }

  async items(): Promise<Item[]> {
    const items = await Promise.all([...this.#keys.keys()].map((table) => this.#scan(table, {})));
    return items.flat();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelSweep();
    await this.#gate;
    await this.#dynalite.close();
  }

  async #write(operation: DynaliteOperation, request: Request): Promise<Response> {
    try {
      return await this.#dynalite.run(operation, request);
    } catch (error) {
      const wanted = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      if (!wanted || !(error instanceof ServiceError) || error.code !== 'ConditionalCheckFailedException') throw error;
      const TableName = String(request.TableName);
      const Key = request.Key ?? this.#keyOf(TableName, request.Item as Item);
      const { Item: item } = await this.#dynalite.run('GetItem', { TableName, Key, ConsistentRead: true });
      throw new ServiceError(error.statusCode, {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: error.message,
        ...(item === undefined ? {} : { Item: item }),
      });
    }
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#gate.then(work);
    this.#gate = result.catch(() => {});
    return result;
  }

  async #isActive(TableName: string): Promise<boolean> {
    const { Table } = await this.#dynalite.run('DescribeTable', { TableName });
    return (Table as { TableStatus: string }).TableStatus === 'ACTIVE';
  }

  async #scan(TableName: string, filter: Request): Promise<Item[]> {
    const items: Item[] = [];
    let from: Request = {};
    do {
      const page = await this.#dynalite.run('Scan', { TableName, ConsistentRead: true, ...filter, ...from });
      items.push(...(page.Items as Item[]));
      from = page.LastEvaluatedKey === undefined ? {} : { ExclusiveStartKey: page.LastEvaluatedKey };
    } while (from.ExclusiveStartKey !== undefined);
    return items;
  }

  #keyOf(table: string, item: Item): Item {
    return Object.fromEntries((this.#keys.get(table) ?? []).map((attribute) => [attribute, item[attribute]]));
  }

  #updateTimeToLive(request: Request): Response {
    const table = String(request.TableName);
    const specification = request.TimeToLiveSpecification as { AttributeName: string; Enabled: boolean };
    if (specification.Enabled) this.#ttlAttributes.set(table, specification.AttributeName);
    else this.#ttlAttributes.delete(table);
    return { TimeToLiveSpecification: specification };
  }

  #describeTimeToLive(table: string): Response {
    const attribute = this.#ttlAttributes.get(table);
    if (attribute === undefined) return { TimeToLiveStatus: 'DISABLED' };
    return { TimeToLiveStatus: 'ENABLED', AttributeName: attribute };
  }

  #scheduleSweep(): void {
    if (this.#closed) return;
    this.#cancelSweep = this.#clock.after(this.#sweepEveryMs, () => {
      this.sweep().finally(() => this.#scheduleSweep());
    });
  }
}

function ignoreFailedCondition(error: unknown): void {
  if (!(error instanceof ServiceError) || error.code !== 'ConditionalCheckFailedException') throw error;
}

/** What a request is counted as, whether or not its condition holds: AWS bills both. */
export function countAccess(operation: string, request: Request): DatabaseAccess {
  switch (operation) {
    case 'GetItem':
    case 'Query':
    case 'Scan':
      return { operation, reads: 1, writes: 0 };
    case 'BatchGetItem':
      return { operation, reads: countNested(request.RequestItems, (table) => (table as Request).Keys), writes: 0 };
    case 'TransactGetItems':
      return { operation, reads: lengthOf(request.TransactItems), writes: 0 };
    case 'DeleteItem':
    case 'PutItem':
    case 'UpdateItem':
      return { operation, reads: 0, writes: 1 };
    case 'BatchWriteItem':
      return { operation, reads: 0, writes: countNested(request.RequestItems, (table) => table) };
    case 'TransactWriteItems':
      return { operation, reads: 0, writes: lengthOf(request.TransactItems) };
    default:
      return { operation, reads: 0, writes: 0 };
  }
}

function countNested(tables: unknown, itemsOf: (table: unknown) => unknown): number {
  return Object.values(tables ?? {}).reduce<number>((sum, table) => sum + lengthOf(itemsOf(table)), 0);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
