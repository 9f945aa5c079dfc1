import { isObject, type Json, type JsonObject } from './trace.ts';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * Where an actual value is of another kind than the recorded one: other keys, types, id forms or constants.
 * Numbers and free text may differ, lists in length, but not in whether they are empty.
 */
export function differences(recorded: Json | undefined, actual: Json | undefined, path = ''): string[] {
  if (Array.isArray(recorded) && Array.isArray(actual)) return listDifferences(recorded, actual, path);
  if (isObject(recorded) && isObject(actual)) return objectDifferences(recorded, actual, path);
  const [theirs, ours] = [scalarKind(recorded), scalarKind(actual)];
  return theirs === ours ? [] : [`${path}: recorded ${theirs}, got ${ours}`];
}

function listDifferences(recorded: Json[], actual: Json[], path: string): string[] {
  if ((recorded.length === 0) !== (actual.length === 0) && !path.endsWith('.factories')) {
    return [`${path}: recorded ${recorded.length} entries, got ${actual.length}`];
  }
  return actual.flatMap((entry, index) => {
    const found = recorded.map((candidate) => differences(candidate, entry, `${path}[${index}]`));
    return found.some((list) => list.length === 0) ? [] : (found[0] ?? []);
  });
}

function objectDifferences(recorded: JsonObject, actual: JsonObject, path: string): string[] {
  if (isKeyedById(recorded)) return listDifferences(Object.values(recorded), Object.values(actual), path);
  const [theirs, ours] = [Object.keys(recorded).sort(), Object.keys(actual).sort()];
  if (theirs.join() !== ours.join()) return [`${path}: recorded keys ${theirs}, got ${ours}`];
  return theirs.flatMap((key) => differences(recorded[key], actual[key], `${path}.${key}`));
}

/** Statistics come as an object whose keys are the ids of its entries. */
function isKeyedById(object: JsonObject): boolean {
  const entries = Object.entries(object);
  return entries.length > 0 && entries.every(([key, value]) => isObject(value) && value.id === key);
}

function scalarKind(value: Json | undefined): string {
  if (value === null || typeof value !== 'string') return value === null ? 'null' : kindOfNonText(value);
  if (value.startsWith('v=0')) return 'description';
  if (ID.test(value)) return value.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>');
  if (/^candidate:/.test(value)) return 'candidate';
  return /^[A-Z]+(_[A-Z]+)*$/.test(value) ? value : 'text';
}

function kindOfNonText(value: Exclude<Json | undefined, null | string>): string {
  if (Array.isArray(value)) return 'list';
  return typeof value;
}
