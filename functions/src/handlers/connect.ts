import { allowAnonymous } from '../environment.ts';
import type { ConnectEvent, Result } from '../gateway-events.ts';

/** Nothing is stored for a connection before it registers. Where an emulator skipped the authorizer, its duty is here. */
export async function handler(event: ConnectEvent): Promise<Result> {
  const admitted = event.requestContext.authorizer !== undefined || allowAnonymous();
  return { statusCode: admitted ? 200 : 403 };
}
