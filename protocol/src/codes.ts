/** The HTTP-like numbers of `body.code`. Names are ours, numbers are the wire. */
export const Code = {
  ok: 200,
  /** Wait: somebody has to admit you. */
  waiting: 202,
  badRequest: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  unavailable: 408,
  conflict: 409,
  locked: 423,
  tooFast: 429,
  /** The room is full (SIP's Busy Here: HTTP has no number of its own for it). */
  full: 486,
  /** The offer lacks the room's codec (SIP's Not Acceptable Here). */
  notAcceptable: 488,
  internal: 500,
  noMediaNode: 503,
} as const;

/** The description of a 401 to whose token was good once: what tells it from one that never was. */
export const TOKEN_EXPIRED = 'token expired';

export type Code = (typeof Code)[keyof typeof Code];

/** What a component throws to refuse a request: it becomes a response with this code and description, and with what `details` add. */
export class Refusal extends Error {
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, description: string, details: Readonly<Record<string, unknown>> = {}) {
    super(description);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}
