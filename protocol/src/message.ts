import * as v from 'valibot';
import { Address } from './address.ts';
import { Code, Refusal } from './codes.ts';
import { MAX_BATCH_LENGTH } from './limits.ts';
import { type Request, refusal } from './response.ts';

export const MESSAGE_TYPES = [
  'create',
  'update',
  'delete',
  'read',
  'subscribe',
  'unsubscribe',
  'response',
  'forward',
  'execute',
  'open',
  're-open',
  'close',
] as const;

/** Echoed with its JSON type untouched: clients compare with `===`. */
const MessageId = v.union([v.number(), v.pipe(v.string(), v.maxLength(128))], 'a message needs an id');

/** Goes with a request through every hop and into every log: whoever looks for it finds what became of the request. */
export const Trace = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'a trace has 1 to 64 letters, digits, - or _'));

/** Taken as it is: a schema that copied it would leave fields out that share a name with those of JavaScript's own objects. */
const Body = v.custom<Record<string, unknown>>(
  (body) => typeof body === 'object' && body !== null && !Array.isArray(body),
  'a body is an object',
);

/**
 * Unknown fields are kept: what is relayed (`via`, for one) arrives as it was sent. So are unknown types, for hyperties may
 * agree on types of their own; whoever is not relaying asks `isKnownType`.
 */
export const Message = v.looseObject({
  id: MessageId,
  type: v.pipe(v.string('a message needs a type'), v.minLength(1), v.maxLength(32)),
  from: Address,
  to: Address,
  body: v.optional(Body),
  trace: v.optional(Trace),
});
export type Message = v.InferOutput<typeof Message>;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export function isKnownType(type: string): type is MessageType {
  return MESSAGE_TYPES.some((known) => known === type);
}

export const ResponseBody = v.looseObject({
  code: v.number(),
  /** The spec's spelling of an error's text. */
  description: v.optional(v.string()),
  /** The deployed reTHINK clients' spelling of the same. */
  desc: v.optional(v.string()),
});
export type ResponseBody = v.InferOutput<typeof ResponseBody>;

/** One element of a frame: a message, or what is wrong with it and whom to tell. */
export type Parsed = { ok: true; message: Message } | { ok: false; error: Message };

const UNKNOWN_SENDER = 'mn:/unknown';

/**
 * Reads a text frame: one message, or a JSON array of messages to be handled in order.
 * Whatever is wrong becomes a refusal to send back; the good messages of a batch survive the bad ones.
 */
export function parseFrame(text: string): Parsed[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [invalid(undefined, 'a frame is JSON text')];
  }
  if (!Array.isArray(json)) return [parseMessage(json)];
  if (json.length === 0 || json.length > MAX_BATCH_LENGTH) {
    return [invalid(undefined, `a batch has 1 to ${MAX_BATCH_LENGTH} messages`)];
  }
  return json.map(parseMessage);
}

function parseMessage(json: unknown): Parsed {
  const parsed = v.safeParse(Message, json);
  return parsed.success ? { ok: true, message: parsed.output } : invalid(json, issueText(parsed.issues[0]));
}

function invalid(json: unknown, description: string): Parsed {
  const claimed = v.safeParse(v.looseObject({ id: MessageId }), json);
  const addresses = v.safeParse(v.looseObject({ from: Address, to: Address }), json);
  const request: Request = {
    id: claimed.success ? claimed.output.id : 0,
    from: addresses.success ? addresses.output.from : UNKNOWN_SENDER,
    to: addresses.success ? addresses.output.to : UNKNOWN_SENDER,
  };
  return { ok: false, error: refusal(request, Code.badRequest, description) };
}

/** Where a value is wrong, and how. */
export function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path ? `${path}: ${issue.message}` : issue.message;
}

/** Validates what a component expects of a body; a mismatch is a 400 that names the field. */
export function expectBody<S extends v.GenericSchema>(schema: S, message: Message): v.InferOutput<S> {
  const parsed = v.safeParse(schema, message.body ?? {});
  if (parsed.success) return parsed.output;
  throw new Refusal(Code.badRequest, issueText(parsed.issues[0]));
}
