import { randomUUID } from 'node:crypto';
import type { RequestId, RpcReply } from './envelope.ts';
import { malformedTransaction, missingField, paramsRequired } from './errors.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { optionalField } from './params.ts';

const NEW_REF = /^newref:(.+)$/;

/** Runs one request of a transaction under an id of its own. */
export type RunRequest = (id: RequestId, request: JsonObject) => RpcReply;

/** Runs the operations in order up to the first that fails; `newref:i` stands for the result of operation i. */
export function runTransaction(params: JsonObject | undefined, run: RunRequest): JsonObject {
  if (!params) throw paramsRequired();
  const sessionId = optionalField(params, 'sessionId') ?? randomUUID();
  const { operations } = params;
  if (!isJsonList(operations)) throw missingField('operations');
  const transactionId = randomUUID();
  const replies: RpcReply[] = [];
  for (const [index, operation] of operations.entries()) {
    if (!isJsonObject(operation) || operation.id !== index) {
      throw malformedTransaction(`Id of request '${index}' should be '${index}'`);
    }
    const given = isJsonObject(operation.params) ? operation.params : {};
    const resolved = { ...operation, params: { ...resolveObject(given, replies), sessionId } };
    const reply = run(`${transactionId}_${index}`, resolved);
    replies.push({ ...reply, id: index });
    if ('error' in reply) break;
  }
  return { sessionId, value: replies };
}

function resolveObject(object: JsonObject, replies: readonly RpcReply[]): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, resolve(value, replies)]));
}

function resolve(value: Json, replies: readonly RpcReply[]): Json {
  if (typeof value === 'string') return resolveReference(value, replies);
  if (isJsonList(value)) return value.map((entry) => resolve(entry, replies));
  return isJsonObject(value) ? resolveObject(value, replies) : value;
}

function resolveReference(text: string, replies: readonly RpcReply[]): Json {
  const reference = NEW_REF.exec(text)?.[1];
  if (reference === undefined) return text;
  const index = Number.parseInt(reference, 10);
  if (Number.isNaN(index)) throw malformedTransaction(`Invalid index of newref '${reference}'`);
  const reply = replies[index];
  const result = reply && 'result' in reply ? reply.result : undefined;
  if (!result) throw malformedTransaction(`Result not found on request ${index}`);
  return result.value ?? null;
}
