import { Code } from '@hyperroom/protocol';

/** - `down`: not connected, or the connection broke
 *  - `timeout`: no response
 *  - `refused`: the API or the conference does not take this node; `status` says why */
export type LinkErrorCode = 'down' | 'timeout' | 'refused';

export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly code: LinkErrorCode;
  readonly status: number | undefined;

  constructor(code: LinkErrorCode, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What a status of 300 and more means: a verdict on this node, or the API's own trouble of the moment. */
export function fromStatus(status: number, message: string): LinkError {
  const isVerdict = status >= 400 && status < 500 && status !== Code.unavailable && status !== Code.tooFast;
  return new LinkError(isVerdict ? 'refused' : 'down', message, status);
}
