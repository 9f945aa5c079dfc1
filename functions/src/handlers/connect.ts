import { allowAnonymous, allowedOrigins } from '../environment.ts';
import type { ConnectEvent, InvocationContext, Result } from '../gateway-events.ts';
import { log } from '../log.ts';
import { inInvocation } from './result.ts';

/** Nothing is stored for a connection before it registers. Where an emulator skipped the authorizer, its duty is here. */
export function handler(event: ConnectEvent, context?: InvocationContext): Promise<Result> {
  return inInvocation(context, async () => admit(event), event.requestContext.connectionId);
}

function admit(event: ConnectEvent): Result {
  const admitted = event.requestContext.authorizer !== undefined || allowAnonymous();
  return { statusCode: admitted && comesFromAllowedPage(event) ? 200 : 403 };
}

/** Browsers say which page it is, and pages cannot prevent it. Media nodes and servers say nothing: their token decides. */
function comesFromAllowedPage({ headers = {} }: ConnectEvent): boolean {
  const [, origin] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'origin') ?? [];
  const isAllowed = origin === undefined || (allowedOrigins()?.includes(origin) ?? true);
  if (!isAllowed) log('info', { at: 'connect', denied: 'a page of another origin', origin });
  return isAllowed;
}
