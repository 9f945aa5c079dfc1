const NUMBER_BYTES = 8;
const CONTAINER_BYTES = 3;

/** What DynamoDB counts for an item: names and values, not the syntax between them. Numbers are an estimate. */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return NUMBER_BYTES;
  if (value instanceof Set) return sizeOf([...value]);
  if (Array.isArray(value)) return value.reduce((sum, element) => sum + sizeOf(element) + 1, CONTAINER_BYTES);
  if (typeof value === 'object' && value !== null) {
    return CONTAINER_BYTES + Object.keys(value).length + itemSize(Object(value));
  }
  return 1;
}
