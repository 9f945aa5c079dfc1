import { randomUUID } from 'node:crypto';
import type { AsyncInvocations } from './async-invocations.ts';
import type { Clock } from './clock.ts';
import { type Request, type Response, ServiceError } from './dynalite.ts';
import type { EventBusDefinition } from './event-definitions.ts';
import { matchesPattern } from './event-patterns.ts';
import { accountId, arnOf, region } from './identities.ts';
import type { Access } from './permissions.ts';

/** An event as a target receives it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  /** Seconds. */
  readonly Time?: number;
}

type EntryResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

export interface EventBridgeOptions {
  readonly buses: readonly EventBusDefinition[];
  readonly clock: Clock;
  readonly asyncInvocations: AsyncInvocations;
}

const maxEntries = 10;
const maxBytes = 256 * 1024;
const timeBytes = 14;

/** Amazon EventBridge, as far as events are put on a bus of the stack and rules take them to functions. */
export class EventBridge {
  readonly #options: EventBridgeOptions;

  constructor(options: EventBridgeOptions) {
    this.#options = options;
  }

  run(operation: string, request: Request): Response {
    if (operation !== 'PutEvents') {
      throw new ServiceError(400, { __type: 'UnknownOperationException', message: `${operation} is not emulated` });
    }
    const entries = entriesOf(request);
    if (entries.length < 1 || entries.length > maxEntries) {
      throw validationError(`Value at 'entries' must have length from 1 to ${maxEntries}`);
    }
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maxBytes) {
      throw validationError('Total size of the entries in the request is over the limit.');
    }
    const results = entries.map((entry) => this.#put(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  #put(entry: Entry): EntryResult {
    const { Source, DetailType, Detail } = entry;
    if (!Source) return missing('Source');
    if (!DetailType) return missing('DetailType');
    if (!Detail) return missing('Detail');
    const detail = parseObject(Detail);
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': DetailType,
      source: Source,
      account: accountId,
      time: timeOf(entry.Time === undefined ? this.#options.clock.now() : entry.Time * 1000),
      region,
      resources: entry.Resources ?? [],
      detail,
    };
    this.#route(busArn(entry), event);
    return { EventId: event.id };
  }

  // As on AWS, an event for a bus that does not exist is accepted, and lost.
  #route(arn: string, event: BusEvent): void {
    const rules = this.#options.buses.find((bus) => bus.arn === arn)?.rules ?? [];
    for (const { targets } of rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
      for (const target of targets)
        this.#options.asyncInvocations.send(target, event, { routeKey: event['detail-type'] });
    }
  }
}

/** What a request to EventBridge needs. */
export function eventAccesses(operation: string, request: Request): Access[] {
  return entriesOf(request).map((entry) => ({ action: `events:${operation}`, resource: busArn(entry) }));
}

function entriesOf(request: Request): readonly Entry[] {
  return Array.isArray(request.Entries) ? request.Entries : [];
}

function busArn({ EventBusName = 'default' }: Entry): string {
  return EventBusName.startsWith('arn:') ? EventBusName : arnOf('events', `event-bus/${EventBusName}`);
}

function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : timeBytes);
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function missing(name: string): EntryResult {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

function validationError(message: string): ServiceError {
  return new ServiceError(400, { __type: 'com.amazon.coral.validate#ValidationException', message });
}
