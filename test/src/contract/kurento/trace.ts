import { readFileSync } from 'node:fs';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One line of a recorded trace; see test/kurento-traces/README.md. */
export interface TraceEntry {
  readonly t: number;
  readonly dir: 'client' | 'server' | 'note';
  readonly conn?: number;
  readonly frame?: Json;
  readonly raw?: string;
  readonly note?: string;
}

const FOLDER = new URL('../../../kurento-traces/', import.meta.url);

export function loadTrace(name: string): TraceEntry[] {
  const [, ...lines] = readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as TraceEntry);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface RecordedEvent {
  readonly object: string;
  readonly type: string;
  readonly data: JsonObject;
}

export function eventOf(frame: Json | undefined): RecordedEvent | undefined {
  if (!isObject(frame) || frame.method !== 'onEvent' || !isObject(frame.params)) return undefined;
  const { value } = frame.params;
  if (!isObject(value) || !isObject(value.data)) throw new Error('an event without data');
  return { object: String(value.object), type: String(value.type), data: value.data };
}
