import { type ApiErrorCode, Code, MAX_BODY_BYTES, Refusal, RetryBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { logError } from '../log.ts';
import { asRefusal, retryAfter } from '../overload.ts';

/*
 * The parts of API Gateway's HTTP API events (payload format 2.0) that we read, and what we answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

export interface HttpEvent {
  /** `GET /v1/rooms/{room}` */
  readonly routeKey: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a request is answered with in place of what it asked for. */
export class Fault extends Error {
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.name = 'Fault';
    this.code = code;
  }
}

export const STATUS: Readonly<Record<ApiErrorCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  // HTTP has no number of its own for it.
  'room-full': 409,
  'too-large': 413,
  locked: 423,
  'too-fast': 429,
  'server-error': 500,
  'no-media-node': 503,
};

/** The conference's refusals in the words of the API. */
const REFUSED: Partial<Record<Code, ApiErrorCode>> = {
  [Code.badRequest]: 'bad-request',
  [Code.unauthorized]: 'unauthorized',
  [Code.forbidden]: 'forbidden',
  [Code.notFound]: 'not-found',
  [Code.conflict]: 'conflict',
  [Code.full]: 'room-full',
  [Code.locked]: 'locked',
  [Code.tooFast]: 'too-fast',
  [Code.noMediaNode]: 'no-media-node',
};

export function success(statusCode: number, body: unknown): HttpResult {
  return result(statusCode, body);
}

export function failure(thrown: unknown): HttpResult {
  const error = asRefusal(thrown);
  const { code, message } = faultOf(error);
  return result(STATUS[code], { code, message }, headersOf(code, error));
}

function headersOf(code: ApiErrorCode, error: unknown): Readonly<Record<string, string>> {
  if (code === 'unauthorized') return { 'www-authenticate': 'Bearer' };
  const details = error instanceof Refusal ? retryAfter(error) : undefined;
  return v.is(RetryBody, details) ? { 'retry-after': String(Math.ceil(details.retryAfter)) } : {};
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const refused = error instanceof Refusal ? REFUSED[error.code] : undefined;
  if (error instanceof Refusal && refused) return new Fault(refused, error.message);
  logError(error);
  return new Fault('server-error', 'internal error: try again');
}

/** No proxy may keep an answer: it may have a token in it. */
function result(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResult {
  const common = { 'cache-control': 'no-store', ...headers };
  if (body === undefined) return { statusCode, headers: common };
  return { statusCode, headers: { ...common, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** What the body says, whatever its content type. */
export function jsonOf({ body = '', isBase64Encoded }: HttpEvent): unknown {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) throw new Fault('too-large', `a body has at most ${MAX_BODY_BYTES} bytes`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Fault('bad-request', 'the body is not JSON');
  }
}
