import type { MessageEvent, Result } from '../gateway-events.ts';
import { assemble } from '../node.ts';
import { portsOfStack } from '../ports.ts';
import { resultOf } from './result.ts';

const node = assemble(portsOfStack());

export function handler(event: MessageEvent): Promise<Result> {
  return resultOf(() => node.receive(event.body ?? '', node.session(event.requestContext)));
}
