import type { JsonObject } from '../rpc/json.ts';
import type { MediaObject } from './media-object.ts';

/** The parameters of an `onEvent` notification. */
export function eventParams(source: MediaObject, type: string, data: JsonObject, now: number): JsonObject {
  const about = { source: source.id, tags: source.eventTags, timestampMillis: String(now) };
  // Kurento leaves the type out of the data of its own object events, and only of these.
  const typed = type === 'ObjectCreated' || type === 'ObjectDestroyed' ? {} : { type };
  return { value: { data: { ...data, ...about, ...typed }, object: source.id, type } };
}
