import { Code } from '@hyperroom/protocol';

/** What went wrong, in a word that stays the same from release to release. */
export type HyperroomErrorCode =
  | 'bad-request'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'unavailable'
  | 'conflict'
  | 'locked'
  | 'too-fast'
  | 'room-full'
  | 'server-error'
  | 'no-media-node'
  /** The socket could not be opened: server unreachable, or token refused. */
  | 'connection-refused'
  /** The socket closed before the answer came. */
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
  [Code.internal]: 'server-error',
  [Code.noMediaNode]: 'no-media-node',
};

/** The only error of this SDK, save an aborted call, which rejects with its signal's reason as `fetch` does. */
export class HyperroomError extends Error {
  readonly code: HyperroomErrorCode;
  /** `body.code` of the server's refusal; undefined if the server did not say it. */
  readonly status: number | undefined;

  constructor(code: HyperroomErrorCode, message: string, status?: number) {
    super(message);
    this.name = 'HyperroomError';
    this.code = code;
    this.status = status;
  }

  /** A refusal as the server worded it. */
  static refused(status: number, description = `refused with code ${status}`): HyperroomError {
    return new HyperroomError(CODES[status] ?? (status < 500 ? 'bad-request' : 'server-error'), description, status);
  }
}
