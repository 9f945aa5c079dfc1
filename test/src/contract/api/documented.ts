import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/* The HTTP API as docs/openapi.json has it: what is said to it and what it says is held to that. */

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly headers?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const file = new URL('../../../../docs/openapi.json', import.meta.url);
const openApi = JSON.parse(readFileSync(file, 'utf8')) as Document;

/** A property that the document does not have is a fault of the document, or of the answer. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({
  $id: 'openapi',
  ...openApi,
  components: { ...openApi.components, schemas: closed(openApi.components.schemas) },
});

/** What is wrong with a value, by the schema at this place of the document. */
function faults(value: unknown, ...place: string[]): unknown[] {
  const pointer = place.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const validate = ajv.compile({ $ref: `openapi#/${pointer}` });
  return validate(value) ? [] : (validate.errors ?? []);
}

const JSON_BODY = ['content', 'application/json', 'schema'];

export interface Described {
  readonly id: string;
  /** `GET /v1/rooms/{room}` */
  readonly routeKey: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export const operations: readonly Described[] = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([name, operation]) => {
    const method = name.toUpperCase();
    return { id: operation.operationId, routeKey: `${method} ${path}`, method, path, operation };
  }),
);

export interface Request {
  readonly token?: string | undefined;
  readonly room?: string;
  readonly participant?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In place of `body`: as it is. */
  readonly text?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Headers;
}

export type Operate = (operationId: string, request: Request) => Promise<Answer>;

/** Calls operations of the API at `url`; no answer may be other than the document says. */
export function operating(url: string, seen: Set<string> = new Set()): Operate {
  return async (operationId, request) => {
    const described = find(operationId);
    const answer = await send(url, described, request);
    expectDocumented(described, answer);
    seen.add(`${operationId} ${answer.status}`);
    return answer;
  };
}

/** What the document has against the body of a request. */
export function faultsOfRequest(operationId: string, body: unknown): unknown[] {
  const { path, method } = find(operationId);
  return faults(body, 'paths', path, method.toLowerCase(), 'requestBody', ...JSON_BODY);
}

/** What it has against what a webhook gets. */
export function faultsOfWebhook(body: unknown): unknown[] {
  return faults(body, 'webhooks', 'lifecycle', 'post', 'requestBody', ...JSON_BODY);
}

function find(operationId: string): Described {
  const found = operations.find(({ id }) => id === operationId);
  if (!found) throw new Error(`the document has no operation ${operationId}`);
  return found;
}

async function send(base: string, { method, path }: Described, request: Request): Promise<Answer> {
  const { token, room = '', participant = '', query = {}, body, text = body && JSON.stringify(body) } = request;
  const url = new URL(base + path.replace('{room}', room).replace('{participant}', participant));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...(text !== undefined && { body: String(text) }),
  });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: answer ? JSON.parse(answer) : undefined };
}

function expectDocumented({ id, path, method, operation }: Described, { status, body, headers }: Answer): void {
  const documented = operation.responses[status];
  expect(documented, `${id} answers ${status}: ${JSON.stringify(body)}`).toBeDefined();
  const hasBody = documented?.content !== undefined;
  expect(body !== undefined, `${id} ${status} has a body`).toBe(hasBody);
  expect(headers.get('content-type')).toBe(hasBody ? 'application/json' : null);
  expect(headers.has('www-authenticate')).toBe('www-authenticate' in (documented?.headers ?? {}));
  if (hasBody)
    expect(faults(body, 'paths', path, method.toLowerCase(), 'responses', `${status}`, ...JSON_BODY)).toEqual([]);
}
