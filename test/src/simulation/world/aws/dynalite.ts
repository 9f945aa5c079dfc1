import { createRequire } from 'node:module';
import { parsed } from './expressions.ts';
import { type DynaliteOperation, type Item, type Request, type Response, ServiceError } from './local.ts';

/*
 * dynalite's own parsers and evaluators, which are callbacks all the way down: over a store that answers at once they
 * are synchronous, and hence as deterministic as a function.
 */

type Callback<T> = (error: object | null, value?: T) => void;

interface ItemDb {
  lock(key: string, work: (release: <F>(callback: F) => F) => void): void;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, item: Item, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
}

type Action = (store: object, request: object, callback: Callback<Response>) => void;

const require = createRequire(import.meta.url);
const NOT_FOUND = { name: 'NotFoundError' };
const MAX_ITEM_SIZE = 400 * 1024;

const actions = new Map<string, Action>();

function actionOf(operation: DynaliteOperation): Action {
  const known = actions.get(operation);
  if (known) return known;
  const action: Action = require(`dynalite/actions/${operation.charAt(0).toLowerCase()}${operation.slice(1)}.js`);
  actions.set(operation, action);
  return action;
}

/** The items of one table, by dynalite's keys; whoever wants to know hears of each write. */
export class Items {
  readonly #items = new Map<string, Item>();
  readonly #store: object;

  constructor(table: object, onWrite: (key: string, item: Item | undefined) => void) {
    const db: ItemDb = {
      lock: (_key, work) => work((callback) => callback),
      get: (key, callback) => {
        const item = this.#items.get(key);
        if (item) callback(null, item);
        else callback(NOT_FOUND);
      },
      put: (key, item, callback) => {
        this.#items.set(key, item);
        onWrite(key, item);
        callback(null);
      },
      del: (key, callback) => {
        if (this.#items.delete(key)) onWrite(key, undefined);
        callback(null);
      },
    };
    this.#store = {
      options: { maxItemSize: MAX_ITEM_SIZE },
      getTable: (_name: string, ...rest: Callback<object>[]) => rest.at(-1)?.(null, table),
      getItemDb: () => db,
    };
  }

  all(): Item[] {
    return [...this.#items.values()];
  }

  /** Throws a `ServiceError`. */
  run(operation: DynaliteOperation, request: Request): Response {
    const outcome: { error?: object | null; response?: Response | undefined } = {};
    actionOf(operation)(this.#store, withExpressions(request), (error, response) => {
      Object.assign(outcome, { error, response });
    });
    if (outcome.error === undefined) throw new Error(`${operation} has not come to its end at once`);
    if (outcome.error) throw asServiceError(outcome.error);
    return outcome.response ?? {};
  }
}

/** As dynalite's validation would leave it. */
function withExpressions(request: Request): Request {
  const { UpdateExpression, ConditionExpression } = request;
  return {
    ...request,
    ...(UpdateExpression !== undefined && { _updates: parsed('update', String(UpdateExpression), request) }),
    ...(ConditionExpression !== undefined && { _condition: parsed('condition', String(ConditionExpression), request) }),
  };
}

function asServiceError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return error;
  return new ServiceError(Number(error.statusCode), error.body as { __type: string; message: string });
}
