import { Code, type ResponseBody, RetryBody, TOKEN_EXPIRED } from '@hyperroom/protocol';
import * as v from 'valibot';

/** What went wrong, in a word that stays the same from release to release. */
export type HyperroomErrorCode =
  | 'bad-request'
  | 'unauthorized'
  /** The token was good once: get a new one and join again. */
  | 'token-expired'
  | 'forbidden'
  | 'not-found'
  | 'unavailable'
  | 'conflict'
  | 'locked'
  | 'too-fast'
  | 'room-full'
  /** A moderator did not let in who waited. */
  | 'waiting-refused'
  /** The browser has not got the room's video codec. */
  | 'codec-unsupported'
  | 'server-error'
  | 'no-media-node'
  /** The socket could not be opened: server unreachable, or token refused. */
  | 'connection-refused'
  /** The room, or the hyperty, was closed before the answer came. */
  | 'connection-lost'
  /** No answer within the deadline. */
  | 'timeout'
  /** The server answered something that is not Hyperroom's protocol. */
  | 'protocol-error';

const CODES: Record<number, HyperroomErrorCode> = {
  [Code.badRequest]: 'bad-request',
  [Code.unauthorized]: 'unauthorized',
  [Code.forbidden]: 'forbidden',
  [Code.notFound]: 'not-found',
  [Code.unavailable]: 'unavailable',
  [Code.conflict]: 'conflict',
  [Code.locked]: 'locked',
  [Code.tooFast]: 'too-fast',
  [Code.full]: 'room-full',
  [Code.notAcceptable]: 'codec-unsupported',
  [Code.internal]: 'server-error',
  [Code.noMediaNode]: 'no-media-node',
};

/** The only error of this SDK, save an aborted call, which rejects with its signal's reason as `fetch` does. */
export class HyperroomError extends Error {
  readonly code: HyperroomErrorCode;
  /** `body.code` of the server's refusal; undefined if the server did not say it. */
  readonly status: number | undefined;
  /** The whole body of the server's refusal. */
  readonly refusal: Readonly<ResponseBody> | undefined;

  constructor(code: HyperroomErrorCode, message: string, refusal?: ResponseBody) {
    super(message);
    this.name = 'HyperroomError';
    this.code = code;
    this.status = refusal?.code;
    this.refusal = refusal;
  }

  /** A refusal as the server worded it. */
  static refused(refusal: ResponseBody): HyperroomError {
    const { code, desc, description = desc ?? `refused with code ${code}` } = refusal;
    return new HyperroomError(wordFor(code, description), description, refusal);
  }
}

function wordFor(code: number, description: string): HyperroomErrorCode {
  if (code === Code.unauthorized && description === TOKEN_EXPIRED) return 'token-expired';
  return CODES[code] ?? (code < 500 ? 'bad-request' : 'server-error');
}

/** Whether the server refused, with that code if one is given. */
export function isRefusal(error: unknown, code?: number): error is HyperroomError {
  return error instanceof HyperroomError && error.status !== undefined && (code ?? error.status) === error.status;
}

/** Whether the same may well succeed later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof HyperroomError)) return false;
  const { code, status = 0 } = error;
  return code === 'timeout' || code === 'connection-lost' || status === Code.tooFast || status >= Code.internal;
}

/** Milliseconds until a refusal has passed, as far as the server says. */
export function retryAfterOf(error: unknown): number | undefined {
  const refusal = isRefusal(error) ? error.refusal : undefined;
  return v.is(RetryBody, refusal) ? refusal.retryAfter * 1_000 : undefined;
}
