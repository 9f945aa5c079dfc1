import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpApiDefinition } from './api-definitions.ts';
import { awsId, commonLogTime } from './events.ts';
import type { HttpRouteMatch } from './http-routes.ts';
import { accountId } from './identities.ts';

export interface HttpOccasion {
  readonly api: HttpApiDefinition;
  readonly match: HttpRouteMatch;
  readonly request: IncomingMessage;
  /** Decoded. */
  readonly path: string;
  readonly rawQuery: string;
  readonly body: Buffer;
  readonly requestId: string;
  readonly now: number;
}

/** The event of a Lambda proxy integration, payload format 2.0. */
export function httpEvent({ api, match, request, path, rawQuery, body, requestId, now }: HttpOccasion) {
  const { cookie, ...headers } = headersOf(request, body.length);
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type']);
  const query = new URLSearchParams(rawQuery);
  const { method = '', httpVersion, socket } = request;
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookie !== undefined && { cookies: cookie.split(/[;,]/).map((single) => single.trim()) }),
    headers,
    ...(query.size > 0 && {
      queryStringParameters: Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')])),
    }),
    ...(Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId,
      apiId: api.id,
      domainName: api.host,
      domainPrefix: api.id,
      http: {
        method,
        path,
        protocol: `HTTP/${httpVersion}`,
        sourceIp: socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: match.route.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

export function httpRequestId(): string {
  return awsId(11);
}

const hopByHop: readonly string[] = ['connection', 'keep-alive', 'transfer-encoding'];

function headersOf(request: IncomingMessage, bodyBytes: number): Record<string, string> {
  const received = Object.entries(request.headersDistinct).filter(([name]) => !hopByHop.includes(name));
  return {
    ...Object.fromEntries(received.map(([name, values = []]) => [name, values.join(',')])),
    'content-length': String(bodyBytes),
    'x-amzn-trace-id': `Root=1-${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': request.socket.remoteAddress ?? '127.0.0.1',
    'x-forwarded-port': String(request.socket.localPort),
    'x-forwarded-proto': 'http',
  };
}

/** What API Gateway hands over as it is; anything else it encodes, forms too. */
function isText(contentType: string | undefined): boolean {
  return /^(text\/|application\/(json|javascript|xml)\s*(;|$))/i.test(contentType ?? '');
}

/** What the client gets. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** A reply of the gateway's own. */
export function gatewayReply(status: number, message: string): HttpReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/** What API Gateway makes of what a function returned; undefined if it can make nothing of it. */
export function replyOf(value: unknown): HttpReply | undefined {
  if (typeof value === 'object' && value !== null && 'statusCode' in value) return replyOfResult(value);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  };
}

interface ProxyResult {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

function replyOfResult({ statusCode, headers = {}, cookies, body = '', isBase64Encoded }: ProxyResult) {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (typeof headers !== 'object' || headers === null || typeof body !== 'string') return undefined;
  return {
    status,
    headers: {
      ...(body !== '' && { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}
