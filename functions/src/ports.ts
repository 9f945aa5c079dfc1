import { randomUUID } from 'node:crypto';
import { contextInTable, setting } from './environment.ts';
import { type EventSink, openEventBus } from './events/event-bus.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { printLine } from './log.ts';
import { managementEndpoint } from './management-endpoint.ts';
import { embeddedMetrics, type Metrics } from './metrics.ts';
import { type Connections, connectionStore } from './store/connections.ts';
import { openTable, type Table } from './store/table.ts';

/** What the functions touch the world through, and nothing else: a simulation gives them another. */
export interface Ports {
  readonly domain: string;
  readonly table: Table;
  readonly gateway: Gateway;
  /** Absent where API Gateway says in each event who is on a connection. */
  readonly connections?: Connections | undefined;
  /** Absent where nobody wants to know what happens in rooms. */
  readonly sink?: EventSink | undefined;
  /** Whether a media node is started when somebody waits for one. */
  readonly startsNodes: boolean;
  /** Counts for whoever operates the deployment. */
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly newId: () => string;
}

/** AWS, as the stack's environment variables name it. */
export function portsOfStack(): Ports {
  const domain = setting('DOMAIN');
  const table = openTable(setting('TABLE_NAME'));
  return {
    domain,
    table,
    connections: contextInTable() ? connectionStore(table) : undefined,
    gateway: openGateway(managementEndpoint(setting('MANAGEMENT_ENDPOINT'), process.env)),
    sink: openEventBus(process.env.EVENT_BUS_NAME),
    startsNodes: process.env.STARTS_NODES === 'true',
    metrics: embeddedMetrics(domain, Date.now, printLine),
    clock: Date.now,
    newId: randomUUID,
  };
}
