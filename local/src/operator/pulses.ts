import type { Sight } from '../sights.ts';

/** Along which lines of the picture something has passed. */
export type Link =
  | 'browser-gateway'
  | 'gateway-browser'
  | 'agent-gateway'
  | 'gateway-agent'
  | 'gateway-function'
  | 'function-table'
  | 'agent-kurento'
  | 'kurento-agent';

/** How often, by link; `agents`: the connections of media nodes. */
export function pulsesOf(sights: readonly Sight[], agents: ReadonlySet<string>): Partial<Record<Link, number>> {
  const pulses: Partial<Record<Link, number>> = {};
  for (const sight of sights) {
    const link = linkOf(sight, agents);
    if (link) pulses[link] = (pulses[link] ?? 0) + 1;
  }
  return pulses;
}

function linkOf(sight: Sight, agents: ReadonlySet<string>): Link | undefined {
  switch (sight.kind) {
    case 'up':
      return agents.has(sight.connectionId) ? 'agent-gateway' : 'browser-gateway';
    case 'down':
      return agents.has(sight.connectionId) ? 'gateway-agent' : 'gateway-browser';
    case 'invocation':
      return 'gateway-function';
    case 'table':
      return 'function-table';
    case 'rpc':
      return sight.by === 'client' ? 'agent-kurento' : 'kurento-agent';
    default:
      return undefined;
  }
}
