import { Code, TOKEN_EXPIRED } from '@hyperroom/protocol';

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

/** What a server says with a refusal. */
export interface RefusalBody {
  /** As HTTP has them, more or less. */
  code: number;
  /** In words. */
  description?: string | undefined;
  /** The same, as other reTHINK runtimes spell it. */
  desc?: string | undefined;
  /** What else there is to know: `retryAfter`, in seconds, for one. */
  [detail: string]: unknown;
}

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

/** What to do next, in a sentence. */
const ADVICE: Record<HyperroomErrorCode, string> = {
  'bad-request': 'Correct what the message names.',
  unauthorized: 'Check the token.',
  'token-expired': 'Get a new token.',
  forbidden: 'Get a token that allows it, or ask a moderator.',
  'not-found': 'Check the id, or join with `create`.',
  unavailable: 'Try again later.',
  conflict: 'It is there already: use it, or end it.',
  locked: 'Ask a moderator.',
  'too-fast': 'Try again after `refusal.retryAfter` seconds.',
  'room-full': 'Try again later, or raise `capacity`.',
  'waiting-refused': 'Tell the user: a moderator said no.',
  'codec-unsupported': 'Create the room with another `codec`.',
  'server-error': "Try again; see the server's log.",
  'no-media-node': 'Try again in a minute, or start a media node.',
  'connection-refused': 'Check `url`, the token and the server.',
  'connection-lost': 'Join, or connect, again.',
  timeout: 'See whether it was done before you try again.',
  'protocol-error': "Check `url` and the server's version.",
};

/** The only error of this SDK, save an aborted call, which rejects with its signal's reason as `fetch` does. */
export class HyperroomError extends Error {
  /** What went wrong. */
  readonly code: HyperroomErrorCode;
  /** `body.code` of the server's refusal; undefined if the server did not say it. */
  readonly status: number | undefined;
  /** The whole body of the server's refusal. */
  readonly refusal: Readonly<RefusalBody> | undefined;

  /** Applications have no need to make one. */
  constructor(code: HyperroomErrorCode, message: string, refusal?: RefusalBody) {
    super(message);
    this.name = 'HyperroomError';
    this.code = code;
    this.status = refusal?.code;
    this.refusal = refusal;
  }

  /** What to do next: a sentence for developers, the same for all errors of this code. */
  get advice(): string {
    return ADVICE[this.code];
  }
}

/** A refusal as the server worded it. */
export function errorOf(refusal: RefusalBody): HyperroomError {
  const { code, desc, description = desc ?? `refused with code ${code}` } = refusal;
  return new HyperroomError(wordFor(code, description), description, refusal);
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
  const seconds = isRefusal(error) ? error.refusal?.retryAfter : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}
