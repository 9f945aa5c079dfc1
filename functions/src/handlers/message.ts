import type { InvocationContext, MessageEvent, Result } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { answered } from './result.ts';

const node = assemble(portsOfStack());

export function handler({ requestContext, body = '' }: MessageEvent, context?: InvocationContext): Promise<Result> {
  const session = node.session(requestContext);
  return answered(requestContext, context, () => node.receive(body, session, requestContext.requestTimeEpoch));
}
