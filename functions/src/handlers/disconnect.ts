import type { DisconnectEvent, Result } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { resultOf } from './result.ts';

const node = assemble(portsOfStack());

export function handler(event: DisconnectEvent): Promise<Result> {
  return resultOf(() => node.disconnected(node.session(event.requestContext)));
}
