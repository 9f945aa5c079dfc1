import { DRAINS } from './drains.ts';
import { NODES } from './nodes.ts';
import { PEOPLE } from './people.ts';
import { RANDOM } from './random.ts';
import type { Scenario } from './scenario.ts';
import { LONG, SERVICES } from './services.ts';
import { SOCKETS } from './sockets.ts';

/** Those with a story of their own. */
export const NAMED: readonly Scenario[] = [...PEOPLE, ...SOCKETS, ...NODES, ...DRAINS, ...SERVICES];

export const SCENARIOS: readonly Scenario[] = [...NAMED, ...LONG, RANDOM];
