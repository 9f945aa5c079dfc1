import { createHmac } from 'node:crypto';
import type { LifecycleEvent } from '@hyperroom/protocol';
import { log } from '../log.ts';

/*
 * Webhooks as the Standard Webhooks specification has them: who receives one can check with any of its libraries that it is
 * ours, whole and new. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */

export interface Receiver {
  readonly url: string;
  readonly secret: string;
  /** Milliseconds that it may take to answer. */
  readonly deadline: number;
}

/** "Gone": the receiver wants nothing more of it. */
const GONE = 410;

/** Resolves once the receiver has it, or does not want it; a failure is for the caller to try again. */
export async function deliver(event: LifecycleEvent, { url, secret, deadline }: Receiver): Promise<void> {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Hyperroom',
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(`${event.id}.${timestamp}.${body}`, secret),
    },
    body,
    // Elsewhere is not where the event was to go.
    redirect: 'manual',
    signal: AbortSignal.timeout(deadline),
  });
  await response.body?.cancel();
  if (response.status === GONE) {
    log('info', { at: 'webhook', event: event.id, outcome: 'the receiver wants no more of these (410)' });
  } else if (!response.ok) {
    throw new Error(`the webhook's receiver has answered ${response.status} to ${event.id}`);
  }
}

export function signatureOf(content: string, secret: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(content).digest('base64')}`;
}

/** The specification's spelling of a secret is `whsec_` and base64; any other is taken as it is. */
function keyOf(secret: string): Buffer {
  const prefix = 'whsec_';
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
}
