import { createRequire } from 'node:module';
import dynaliteDb, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';

export type Request = Readonly<Record<string, unknown>>;
export type Response = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, unknown>>;

/** What an AWS service answers when it refuses a request. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly statusCode: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(
    statusCode: number,
    body: { readonly __type: string; readonly message: string; [more: string]: unknown },
  ) {
    super(body.message);
    this.code = body.__type.split('#').at(-1) ?? body.__type;
    this.statusCode = statusCode;
    this.body = body;
  }
}

const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;
export type DynaliteOperation = (typeof operations)[number];

type Action = (
  store: Store,
  request: object,
  callback: (error: Error | null | undefined, response: Response) => void,
) => void;

interface Implementation {
  readonly action: Action;
  readonly types: unknown;
  readonly custom: unknown;
}

const require = createRequire(import.meta.url);
const implementations = new Map<string, Implementation>(
  operations.map((operation) => {
    const file = operation.charAt(0).toLowerCase() + operation.slice(1);
    const { types, custom } = require(`dynalite/validations/${file}.js`);
    return [operation, { action: require(`dynalite/actions/${file}.js`), types, custom }];
  }),
);

/** An in-memory dynalite without its HTTP server and its artificial delays. */
export class Dynalite {
  readonly #store: Store = dynaliteDb.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

  supports(operation: string): operation is DynaliteOperation {
    return implementations.has(operation);
  }

  async run(operation: DynaliteOperation, request: Request): Promise<Response> {
    return this.perform(operation, this.parse(operation, request));
  }

  /** Checks a request and parses its expressions, without performing it. */
  parse(operation: DynaliteOperation, request: Request): object {
    const { types, custom } = implementation(operation);
    try {
      // Both calls change what they are given.
      const parsed = validations.checkTypes(structuredClone(request), types);
      validations.checkValidations(parsed, types, custom, this.#store);
      return parsed;
    } catch (error) {
      throw asServiceError(error);
    }
  }

  /** Performs a parsed request. */
  perform(operation: DynaliteOperation, parsed: object): Promise<Response> {
    return new Promise((resolve, reject) => {
      implementation(operation).action(this.#store, parsed, (error, response) => {
        if (error) reject(asServiceError(error));
        else resolve(response);
      });
    });
  }

  /** Whether an item, or its absence, meets the condition of a parsed request. */
  meetsCondition(parsed: object, item: Item | undefined): boolean {
    return !dynaliteDb.checkConditional(parsed, item);
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.db.close((error) => (error ? reject(error) : resolve()));
    });
  }
}

function implementation(operation: DynaliteOperation): Implementation {
  const found = implementations.get(operation);
  if (found === undefined) throw new Error(`dynalite has no ${operation}`);
  return found;
}

function asServiceError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  return new ServiceError(Number(error.statusCode), error.body as { __type: string; message: string });
}
