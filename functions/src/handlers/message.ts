import type { InvocationContext, MessageEvent, Result } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { answered } from './result.ts';

const node = assemble(portsOfStack());

export function handler({ requestContext, body = '' }: MessageEvent, context?: InvocationContext): Promise<Result> {
  return answered(requestContext, context, async () =>
    node.receive(body, await node.session(requestContext), requestContext.requestTimeEpoch),
  );
}
