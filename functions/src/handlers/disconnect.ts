import type { DisconnectEvent, InvocationContext, Result } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { answered } from './result.ts';

const node = assemble(portsOfStack());

export function handler({ requestContext }: DisconnectEvent, context?: InvocationContext): Promise<Result> {
  return answered(requestContext, context, async () => node.disconnected(await node.session(requestContext)));
}
