import { type ApiErrorCode, LifecycleEvent, RoomId } from '@hyperroom/protocol';
import { toJsonSchema } from '@valibot/to-json-schema';
import { STATUS } from '../http.ts';
import type { Route } from '../route.ts';
import { type RouteKey, routes } from '../routes.ts';
import { OPERATIONS } from './operations.ts';
import { componentSchemas, queryProperties, schemaRef } from './schemas.ts';
import { PARAMETER_TEXTS } from './texts.ts';

/** The OpenAPI document of the HTTP API, made of its routes and their schemas. */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Hyperroom',
      summary: 'Rooms, for back ends.',
      description:
        'Creates and runs rooms, invites participants and sends to them. API Gateway itself answers requests of no operation (404), too many (429) and those that take too long (503), with a `message` and no `code`.',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '{api}', variables: { api: { default: 'https://api.example.org', description: SERVER } } }],
    security: [{ token: [] }],
    paths: pathsOf(Object.entries(routes) as [RouteKey, Route][]),
    webhooks: { lifecycle: { post: webhook() } },
    components: {
      schemas: componentSchemas(),
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: TOKEN } },
    },
  };
}

const SERVER = 'The output HttpApiUrl of the stack.';
const TOKEN =
  'A token of role `server`, signed (HS256) with the secret of the stack. Its grants say what it is good for: `room`, a room id or a pattern with `*`; `create`; `moderate`, for whatever changes a room; `data`, to send to those in it.';

function pathsOf(entries: readonly [RouteKey, Route][]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [key, route] of entries) {
    const [method = '', path = ''] = key.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(key, path, route) };
  }
  return paths;
}

function operation(key: RouteKey, path: string, route: Route): object {
  const { operationId, summary, description = '' } = OPERATIONS[key];
  const parameters = [...pathParameters(path), ...queryParameters(route)];
  const grant = route.grant ? `Takes the grant \`${route.grant}\`.` : '';
  return {
    operationId,
    summary,
    description: `${description} ${grant}`.trim(),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: json(schemaRef(route.body)) } }),
    responses: { [route.status]: success(route), ...refusals(route) },
  };
}

const json = (schema: object) => ({ 'application/json': { schema } });

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETER_TEXTS[name],
    schema: name === 'room' ? withoutDialect(toJsonSchema(RoomId)) : { type: 'string' },
  }));
}

function withoutDialect({ $schema: _, ...schema }: { $schema?: unknown }): object {
  return schema;
}

function queryParameters({ query }: Route): object[] {
  return Object.entries(query ? queryProperties(query) : {}).map(([name, schema]) => ({
    name,
    in: 'query',
    description: PARAMETER_TEXTS[name],
    schema,
  }));
}

function success({ answer }: Route): object {
  return answer ? { description: 'Done.', content: json(schemaRef(answer)) } : { description: 'Done.' };
}

const REASONS: Record<ApiErrorCode, string> = {
  'bad-request': 'the request is not as described: `message` says where',
  unauthorized: 'there is no token, or it is not valid, or has expired',
  forbidden: 'the token is not of role `server`, or does not cover the room, or lacks a grant',
  'not-found': 'there is no such room, or nobody of this id in it',
  conflict: 'there is such a room already',
  'room-full': 'the room is full',
  'too-large': 'the body has more than 64 KiB',
  locked: 'the room is locked',
  'too-fast': 'too many requests',
  'server-error': 'a fault of ours: try again',
  'no-media-node': 'no media node is free: try again later',
};

/** What a request may be refused with: by status, for some codes share one. */
function refusals({ errors, body }: Route): Record<string, object> {
  const codes: ApiErrorCode[] = [
    ...errors,
    ...(body ? ['too-large' as const] : []),
    ...(['unauthorized', 'forbidden', 'server-error'] as const),
  ];
  const statuses = [...new Set(codes.map((code) => STATUS[code]))].sort();
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      refusal(
        codes.filter((code) => STATUS[code] === status),
        status,
      ),
    ]),
  );
}

function refusal(codes: readonly ApiErrorCode[], status: number): object {
  const properties = { code: { enum: codes } };
  return {
    description: codes.map((code) => `\`${code}\`: ${REASONS[code]}.`).join(' '),
    ...(status === STATUS.unauthorized && { headers: { 'www-authenticate': { schema: { const: 'Bearer' } } } }),
    content: json({ allOf: [{ $ref: '#/components/schemas/ApiError' }], properties }),
  };
}

function webhook(): object {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  return {
    operationId: 'lifecycle',
    summary: 'Something has happened in a room',
    description:
      'Posted to the URL that the stack was deployed with, signed as Standard Webhooks has it, and again if it is not answered with 2xx (or 410, which says: no more of these) within ten seconds. Events may come in another order than they happened in.',
    security: [],
    parameters: [
      header('webhook-id', 'The id of the event.'),
      header('webhook-timestamp', 'When it was sent: seconds since the epoch.'),
      header('webhook-signature', '`v1,` and the HMAC-SHA256 of `<id>.<timestamp>.<body>` as base64.'),
    ],
    requestBody: { required: true, content: json(schemaRef(LifecycleEvent)) },
    responses: { 200: { description: 'Taken: any 2xx.' }, 410: { description: 'No more of these.' } },
  };
}
