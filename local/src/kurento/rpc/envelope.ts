import { invalidRequest, type RpcError } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

export type RequestId = string | number;

export interface RpcRequest {
  /** Absent in a notification, which Kurento executes and then answers with an error. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export type RpcReply =
  | { readonly id: Json; readonly jsonrpc: '2.0'; readonly result: JsonObject | null }
  | { readonly id: Json; readonly jsonrpc: '2.0'; readonly error: JsonObject };

/** Throws a SyntaxError for text that is no JSON at all: that costs the client its socket. */
export function parseFrame(text: string): Json {
  return JSON.parse(text) as Json;
}

export function readRequest(frame: Json): RpcRequest {
  if (!isJsonObject(frame) || frame.jsonrpc !== '2.0' || typeof frame.method !== 'string') throw invalidRequest();
  const { id, method, params } = frame;
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') throw invalidRequest();
  return { id: id ?? undefined, method, params: isJsonObject(params) ? params : undefined };
}

export function resultReply(id: RequestId, result: JsonObject | null): RpcReply {
  return { id, jsonrpc: '2.0', result };
}

export function errorReply(id: RequestId | undefined, error: RpcError): RpcReply {
  const { code, message, data } = error;
  return { id: id ?? null, jsonrpc: '2.0', error: data ? { code, data, message } : { code, message } };
}
