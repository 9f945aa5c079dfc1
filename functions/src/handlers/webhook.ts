import type { LifecycleEvent } from '@hyperroom/protocol';
import { setting } from '../environment.ts';
import { deliver } from '../events/webhook.ts';
import type { InvocationContext } from '../gateway-events.ts';
import { secretReader } from '../secret.ts';
import { inInvocation } from './result.ts';

const webhookSecret = secretReader('WEBHOOK_SECRET_ARN');

/** Less than the function has itself, so that a receiver that hangs is a failure with a name. */
const DEADLINE = 10_000;

interface LifecycleNotice {
  readonly detail: LifecycleEvent;
}

/** What happens in rooms, as EventBridge hands it over. A failure is thrown: that is what makes Lambda try again. */
export function handler({ detail }: LifecycleNotice, context?: InvocationContext): Promise<void> {
  return inInvocation(context, () => tell(detail));
}

async function tell(event: LifecycleEvent): Promise<void> {
  const receiver = { url: setting('WEBHOOK_URL'), secret: await webhookSecret.value(), deadline: DEADLINE };
  await deliver(event, receiver);
}
