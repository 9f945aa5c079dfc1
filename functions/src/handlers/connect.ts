import { allowAnonymous } from '../environment.ts';
import type { ConnectEvent, InvocationContext, Result } from '../gateway-events.ts';
import { comesFromAllowedPage } from './allowed-page.ts';
import { inInvocation } from './result.ts';

/** Nothing is stored for a connection before it registers. Of whom no authorizer was asked, nothing is known: see admit.ts. */
export function handler(event: ConnectEvent, context?: InvocationContext): Promise<Result> {
  return inInvocation(context, async () => admit(event), event.requestContext.connectionId);
}

function admit(event: ConnectEvent): Result {
  const admitted = event.requestContext.authorizer !== undefined || allowAnonymous();
  return { statusCode: admitted && comesFromAllowedPage(event) ? 200 : 403 };
}
