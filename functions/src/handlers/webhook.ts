import type { LifecycleEvent } from '@hyperroom/protocol';
import { setting } from '../environment.ts';
import { deliver } from '../events/webhook.ts';
import { secretReader } from '../secret.ts';

const webhookSecret = secretReader('WEBHOOK_SECRET_ARN');

/** Less than the function has itself, so that a receiver that hangs is a failure with a name. */
const DEADLINE = 10_000;

/** What happens in rooms, as EventBridge hands it over. A failure is thrown: that is what makes Lambda try again. */
export async function handler(event: { readonly detail: LifecycleEvent }): Promise<void> {
  const receiver = { url: setting('WEBHOOK_URL'), secret: await webhookSecret.value(), deadline: DEADLINE };
  await deliver(event.detail, receiver);
}
