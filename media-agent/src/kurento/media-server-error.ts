/**
 * - `timeout`: no answer within the deadline; whether Kurento acted on the call is unknown
 * - `unreachable`: no connection, or it broke before the answer
 * - `session-lost`: the object belongs to a session that Kurento no longer has
 * - `rejected`: Kurento answered with an error, numbered by `kurentoCode`
 * - `media-failed`: Kurento reported a failure inside a running media element (an event, not an answer)
 */
export type MediaServerErrorCode = 'timeout' | 'unreachable' | 'session-lost' | 'rejected' | 'media-failed';

export class MediaServerError extends Error {
  override readonly name = 'MediaServerError';
  readonly code: MediaServerErrorCode;
  readonly kurentoCode?: number;

  constructor(code: MediaServerErrorCode, message: string, details: { kurentoCode?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    if (details.kurentoCode !== undefined) this.kurentoCode = details.kurentoCode;
  }
}

const INVALID_SESSION = 40007;

/** kurento-client's errors: the answer's JSON-RPC error, its own timeout (with the `request`), or a closed client. */
export function fromKurento(call: string, error: unknown): MediaServerError {
  const { code, request, message } = error as { code?: unknown; request?: unknown; message?: unknown };
  const text = `${call}: ${message}`;
  if (typeof code === 'number') {
    const meaning = code === INVALID_SESSION ? 'session-lost' : 'rejected';
    return new MediaServerError(meaning, text, { kurentoCode: code, cause: error });
  }
  return new MediaServerError(request === undefined ? 'unreachable' : 'timeout', text, { cause: error });
}
