import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ApiDefinition } from './api-definitions.ts';

/** What a Lambda authorizer may put into its context, as functions receive it: API Gateway makes strings of all. */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

/** What the gateway knows of a connection from its handshake. */
export interface ConnectionFacts {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly identity: { readonly sourceIp: string; readonly userAgent?: string };
  readonly handshake: Handshake;
}

export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>>;
}

export interface RequestContext {
  readonly routeKey: string;
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  readonly connectionId: string;
  readonly requestId: string;
  readonly [field: string]: unknown;
}

/** An event of a connection, at some time, by some route. */
export interface Occasion {
  readonly api: ApiDefinition;
  readonly connection: ConnectionFacts;
  readonly authorizer: AuthorizerContext | undefined;
  readonly routeKey: string;
  readonly now: number;
}

export function createConnectionFacts(request: IncomingMessage, now: number): ConnectionFacts {
  const userAgent = request.headers['user-agent'];
  return {
    connectionId: awsId(11),
    connectedAt: now,
    identity: {
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      ...(userAgent === undefined ? {} : { userAgent }),
    },
    handshake: readHandshake(request),
  };
}

export function authorizerEvent({ api, ...rest }: Occasion) {
  return {
    type: 'REQUEST',
    methodArn: `${api.arn}/$connect`,
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    ...rest.connection.handshake,
    stageVariables: {},
    requestContext: requestContext({ api, ...rest }, 'CONNECT'),
  };
}

export function connectEvent(occasion: Occasion) {
  return {
    ...occasion.connection.handshake,
    requestContext: requestContext(occasion, 'CONNECT'),
    isBase64Encoded: false,
  };
}

export function messageEvent(occasion: Occasion, body: string) {
  return {
    requestContext: { ...requestContext(occasion, 'MESSAGE'), messageId: awsId(11) },
    body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(occasion: Occasion, close: { readonly code: number; readonly reason: string }) {
  const headers = { Host: occasion.api.host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
  return {
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    requestContext: {
      ...requestContext(occasion, 'DISCONNECT'),
      disconnectStatusCode: close.code,
      disconnectReason: close.code === 1005 ? 'Client-side close frame status not set' : close.reason,
    },
    isBase64Encoded: false,
  };
}

/** The route of a message: what the expression selects, if there is such a route, or else `$default`. */
export function selectRoute({ routeSelectionExpression, routes }: ApiDefinition, body: string): string {
  const path = /^\$\{?request\.body\.([\w.]+)\}?$/.exec(routeSelectionExpression)?.[1];
  const selected = path === undefined ? undefined : fieldOf(parseJson(body), path.split('.'));
  return typeof selected === 'string' && !selected.startsWith('$') && routes.has(selected) ? selected : '$default';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Record<string, unknown>)[key];
  }, value);
}

function requestContext(
  { api, connection, authorizer, routeKey, now }: Occasion,
  eventType: RequestContext['eventType'],
): RequestContext {
  return {
    routeKey,
    ...(authorizer === undefined ? {} : { authorizer }),
    eventType,
    extendedRequestId: awsId(11),
    requestTime: commonLogTime(now),
    messageDirection: 'IN',
    stage: api.stage,
    connectedAt: connection.connectedAt,
    requestTimeEpoch: now,
    identity: connection.identity,
    requestId: randomUUID(),
    domainName: api.host,
    connectionId: connection.connectionId,
    apiId: api.id,
  };
}

/** Like `L0SM9cOFvHcCIhw=`. */
export function awsId(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** Like `19/Jan/2023:21:13:26 +0000`. */
export function commonLogTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

function readHandshake(request: IncomingMessage): Handshake {
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), value];
  }
  const query = new URL(request.url ?? '/', 'ws://host').searchParams;
  const names = [...new Set(query.keys())];
  return {
    headers: lastOfEach(multiValueHeaders),
    multiValueHeaders,
    ...(names.length === 0
      ? {}
      : {
          queryStringParameters: lastOfEach(Object.fromEntries(names.map((name) => [name, query.getAll(name)]))),
          multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
        }),
  };
}

function lastOfEach(values: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));
}
