import * as schemas from '@hyperroom/protocol';
import * as v from 'valibot';
import { HyperroomError } from '../errors.ts';
import type { LifecycleEvent } from './types.ts';

/** Seconds that a delivery's time may differ from ours: an old one may be somebody's copy of a delivery. */
const TOLERANCE = 300;
const SECRET_PREFIX = 'whsec_';
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

/** Of a `Request`, or of Node's `IncomingMessage`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The event in a delivery to a webhook, if our deployment sent it (Standard Webhooks). `body` is the text as it came: parsed
 * and written again it may be another one. The same event may be delivered more than once, with the same `id`.
 *
 * Rejects with a `HyperroomError`: `unauthorized` (not signed with the secret, or older than 5 minutes), `bad-request` (the
 * secret is none), `protocol-error` (signed, but no event).
 */
export async function receiveWebhook(body: string, headers: WebhookHeaders, secret: string): Promise<LifecycleEvent> {
  const read = readerOf(headers);
  const id = read('webhook-id');
  const timestamp = read('webhook-timestamp');
  const signatures = read('webhook-signature').split(' ');
  // Of something that is no number this is not true either.
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE;
  if (!isRecent) throw new HyperroomError('unauthorized', 'webhook-timestamp: too old, or too new');
  const isSigned = await verifierOf(secret, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  const verified = await Promise.all(signatures.map(isSigned));
  if (!verified.includes(true)) throw new HyperroomError('unauthorized', 'webhook-signature: not of this secret');
  return eventOf(body);
}

function readerOf(headers: WebhookHeaders): (name: string) => string {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  const values = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => {
    const value = values.get(name);
    if (typeof value !== 'string') throw new HyperroomError('unauthorized', `${name}: missing`);
    return value;
  };
}

/** Tells in constant time whether a signature is of what is signed. Signatures of other versions are not ours. */
async function verifierOf(secret: string, signed: Uint8Array<ArrayBuffer>) {
  const bytes = keyOf(secret);
  if (!bytes?.length)
    throw new HyperroomError('bad-request', 'the secret of a webhook is a text, or whsec_ and base64');
  const key = await crypto.subtle.importKey('raw', bytes, HMAC, false, ['verify']);
  return async (signature: string) => {
    const [version, code = ''] = signature.split(',');
    const claimed = version === 'v1' ? bytesOf(code) : undefined;
    return claimed !== undefined && crypto.subtle.verify(HMAC, key, claimed, signed);
  };
}

/** The specification's spelling of a secret is `whsec_` and base64; any other, such as the stack's, is taken as it is. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return secret.startsWith(SECRET_PREFIX)
    ? bytesOf(secret.slice(SECRET_PREFIX.length))
    : new TextEncoder().encode(secret);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function eventOf(body: string): LifecycleEvent {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schemas.LifecycleEvent), body);
  if (result.success) return result.output;
  throw new HyperroomError('protocol-error', schemas.issueText(result.issues[0]));
}
