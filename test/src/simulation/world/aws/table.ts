import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { Items } from './dynalite.ts';
import { type Item, type Request, type Response, ServiceError } from './local.ts';

/** A command of `@aws-sdk/lib-dynamodb`, by the name of its class. */
export interface TableCommand {
  readonly name: string;
  readonly input: Request;
}

interface Index {
  readonly attribute: string;
  readonly keysOnly: boolean;
}

/** As the signalling stack has them; a test compares. */
export const INDEXES: Readonly<Record<string, Index>> = {
  byConnection: { attribute: 'connectionId', keysOnly: false },
  byUser: { attribute: 'registeredUser', keysOnly: true },
  byGuid: { attribute: 'registeredGuid', keysOnly: true },
  byName: { attribute: 'registeredName', keysOnly: true },
  byReporter: { attribute: 'registeredReporter', keysOnly: true },
  byListing: { attribute: 'listed', keysOnly: true },
  byNode: { attribute: 'node', keysOnly: true },
};

const DEFINITION = {
  TableName: 'simulated',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
};

export interface TableOptions {
  /** Does a write to the indexes later on; those of one item in order. */
  readonly later: (key: string, write: () => void) => void;
}

/** The table: each command is carried out at once and alone, the indexes follow. */
export class SimulatedTable {
  readonly #items: Items;
  /** What the indexes know, by key. */
  readonly #indexed = new Map<string, Item>();

  constructor({ later }: TableOptions) {
    this.#items = new Items(DEFINITION, (key, item) =>
      later(key, () => {
        if (item) this.#indexed.set(key, item);
        else this.#indexed.delete(key);
      }),
    );
  }

  /** All that is in it. */
  get contents(): Record<string, unknown>[] {
    return this.#items.all().map((item) => unmarshall(item as never));
  }

  item(pk: string): Item | undefined {
    return this.run({ name: 'GetCommand', input: { Key: { pk } } }).Item as Item | undefined;
  }

  /** Throws what DynamoDB's client would. */
  run({ name, input }: TableCommand): Response {
    switch (name) {
      case 'GetCommand':
        return itemOf(this.#items.run('GetItem', withKey(input)), 'Item');
      case 'BatchGetCommand':
        return this.#batchGet(input);
      case 'QueryCommand':
        return this.#query(input);
      case 'PutCommand':
        return this.#write('PutItem', { ...input, Item: marshalled(input.Item) }, String((input.Item as Item).pk));
      case 'UpdateCommand':
        return this.#write('UpdateItem', withKey(input), String((input.Key as Item).pk));
      case 'DeleteCommand':
        return this.#write('DeleteItem', withKey(input), String((input.Key as Item).pk));
      default:
        throw new Error(`the simulated table has no ${name}`);
    }
  }

  #write(operation: 'PutItem' | 'UpdateItem' | 'DeleteItem', request: Request, pk: string): Response {
    const { ExpressionAttributeValues: values } = request;
    const given = values === undefined ? {} : { ExpressionAttributeValues: marshalled(values) };
    try {
      return itemOf(this.#items.run(operation, { ...request, ...given }), 'Attributes');
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'ConditionalCheckFailedException') throw error;
      const wanted = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      const { Item } = wanted ? this.#items.run('GetItem', { Key: marshalled({ pk }) }) : {};
      throw new ConditionalCheckFailedException({
        message: error.message,
        $metadata: { httpStatusCode: 400 },
        ...(Item !== undefined && { Item: Item as never }),
      });
    }
  }

  #batchGet(input: Request): Response {
    const Responses = Object.fromEntries(
      Object.entries(input.RequestItems as Record<string, { Keys: Item[] }>).map(([table, { Keys }]) => [
        table,
        Keys.flatMap((Key) => {
          const { Item } = this.run({ name: 'GetCommand', input: { TableName: table, Key } });
          return Item ? [Item] : [];
        }),
      ]),
    );
    return { Responses, UnprocessedKeys: {} };
  }

  /** Of an index, by its one key: the functions ask nothing else. */
  #query(input: Request): Response {
    const index = INDEXES[String(input.IndexName)];
    if (!index) throw new Error(`no index ${input.IndexName}`);
    const [, name = '', value = ''] = /^(\S+) = (\S+)$/.exec(String(input.KeyConditionExpression)) ?? [];
    const attribute = (input.ExpressionAttributeNames as Record<string, string>)[name] ?? name;
    if (attribute !== index.attribute) throw new Error(`${input.IndexName} is queried by ${attribute}`);
    const wanted = (input.ExpressionAttributeValues as Record<string, unknown>)[value];
    const after = (input.ExclusiveStartKey as Item | undefined)?.pk;
    const found = [...this.#indexed.values()]
      .map((item) => unmarshall(item as never))
      .filter((item) => item[attribute] === wanted)
      .sort((a, b) => (String(a.pk) < String(b.pk) ? -1 : 1))
      .filter(({ pk }) => after === undefined || String(pk) > String(after));
    const page = found.slice(0, (input.Limit as number | undefined) ?? found.length);
    const last = page.length < found.length ? page.at(-1) : undefined;
    return {
      Items: page.map((item) => (index.keysOnly ? { pk: item.pk, [attribute]: item[attribute] } : item)),
      ...(last && { LastEvaluatedKey: { pk: last.pk, [attribute]: last[attribute] } }),
    };
  }
}

function marshalled(value: unknown): Item {
  return marshall(value as Record<string, unknown>, { removeUndefinedValues: true });
}

function withKey(input: Request): Request {
  return { ...input, Key: marshalled(input.Key) };
}

/** A response with its item as the document client gives it. */
function itemOf(response: Response, name: 'Item' | 'Attributes'): Response {
  const { [name]: item, ConsumedCapacity: _, ...rest } = response;
  return item === undefined ? rest : { ...rest, [name]: unmarshall(item as never) };
}
