import * as v from 'valibot';
import { Address } from './address.ts';
import { MAX_NAME_LENGTH } from './limits.ts';

/** What every reTHINK data object says about itself; `data` is what its schema describes. */
const METADATA = {
  url: Address,
  /** The only writer. */
  reporter: Address,
  schema: v.optional(v.string()),
  name: v.optional(v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH))),
  /** Rises by one with each change: observers apply in order and notice gaps. */
  version: v.pipe(v.number(), v.integer(), v.minValue(0)),
  created: v.string(),
  lastModified: v.string(),
};

export function dataObject<S extends v.GenericSchema>(data: S) {
  return v.object({ ...METADATA, data });
}

/**
 * The body of an `update` to `<object>/changes`. `attribute` is a dotted path inside `data`;
 * no `value` deletes it. `attributeType: array` with `operation` inserts or removes an element.
 */
export const ObjectUpdate = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  source: Address,
  lastModified: v.optional(v.string()),
  attribute: v.string(),
  attributeType: v.optional(v.literal('array')),
  operation: v.optional(v.picklist(['add', 'remove'])),
  value: v.optional(v.unknown()),
});
export type ObjectUpdate = v.InferOutput<typeof ObjectUpdate>;
