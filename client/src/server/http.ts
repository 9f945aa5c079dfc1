import { issueText } from '@hyperroom/protocol';
import * as v from 'valibot';
import { errorOf, HyperroomError } from '../errors.ts';
import type { CallOptions } from './types.ts';

/** Milliseconds that the HTTP API may take: longer than API Gateway lets it. */
const DEADLINE = 30_000;

export interface HttpRequest extends CallOptions {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The segments of the path, which may be any text. */
  path: readonly string[];
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
}

/** Sends a request to the API at `base` and returns the body of its answer as `schema` describes it. */
export async function call<Schema extends v.GenericSchema>(
  schema: Schema,
  base: URL,
  token: string,
  request: HttpRequest,
): Promise<v.InferOutput<Schema>> {
  const url = urlOf(base, request);
  const { status, text } = await send(url, token, request);
  const body = parsed(text);
  if (status >= 300) throw refused(status, body);
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw new HyperroomError('protocol-error', `${request.method} ${url}: ${issueText(result.issues[0])}`);
}

interface Answer {
  status: number;
  text: string;
}

async function send(url: URL, token: string, { method, body, signal }: HttpRequest): Promise<Answer> {
  const deadline = AbortSignal.timeout(DEADLINE);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) throw new HyperroomError('timeout', `no answer within ${DEADLINE / 1000} seconds`);
    throw new HyperroomError('connection-refused', `no answer from ${url.origin}: ${causeOf(error)}`);
  }
}

function urlOf(base: URL, { path, query = {} }: HttpRequest): URL {
  const root = base.pathname.replace(/\/$/, '');
  const url = new URL(`${root}/v1/${path.map(segmentOf).join('/')}`, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** To URLs these ids mean a step in the path: who means to remove a participant might end the room. */
const STEPS = ['', '.', '..'];

function segmentOf(id: string): string {
  if (STEPS.includes(id)) throw new HyperroomError('bad-request', `'${id}' cannot be the id in a URL`);
  return encodeURIComponent(id);
}

/** Undefined if it is no JSON: a gateway's own pages are not. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ErrorBody = v.object({ message: v.string() });

function refused(code: number, body: unknown): HyperroomError {
  return errorOf({ code, ...(v.is(ErrorBody, body) && { description: body.message }) });
}

/** `fetch` hides what went wrong in the cause of its error. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
