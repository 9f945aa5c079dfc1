import type { ObjectUpdate } from '@hyperroom/protocol';
import { areTexts, isObject } from '../frames.ts';
import type { DataObject, Versioned } from './types.ts';

/** A data object's first version, with a copy of `data`. */
export function newObject<T extends object>(
  of: Pick<DataObject<T>, 'url' | 'reporter' | 'schema' | 'name' | 'data'>,
): DataObject<T> {
  const now = new Date().toISOString();
  return { ...of, version: 0, created: now, lastModified: now, data: JSON.parse(JSON.stringify(of.data)) };
}

/**
 * What an observer knows of a data object: its newest complete version, and updates that came before their turn.
 * Values are never changed in place: every function here returns a new state, or the same one if nothing happened.
 */
export interface Observed<T extends Versioned> {
  readonly object: T | undefined;
  readonly early: ReadonlyMap<number, ObjectUpdate>;
}

/** Whether a body is an update: whoever reports an object may say anything. */
export function isUpdate(body: Partial<Record<keyof ObjectUpdate, unknown>>): boolean {
  const { version, attribute, lastModified = '', attributeType = 'array', operation = 'add' } = body;
  const isKnown = attributeType === 'array' && (operation === 'add' || operation === 'remove');
  return isKnown && Number.isInteger(version) && areTexts(attribute, lastModified);
}

/** The initial state: updates that arrive before the object itself wait for it. */
export const UNSEEN: Observed<never> = { object: undefined, early: new Map() };

/** Whether an update is missing between the object and those that came early. */
export function isBehind(state: Observed<Versioned>): boolean {
  return state.object !== undefined && state.early.size > 0;
}

/** Takes an update, whatever the order or the number of times it arrives in: `advance` applies it when its turn has come. */
export function observeUpdate<T extends Versioned>(state: Observed<T>, update: ObjectUpdate): Observed<T> {
  if (update.version <= (state.object?.version ?? -1) || state.early.has(update.version)) return state;
  return { object: state.object, early: new Map(state.early).set(update.version, update) };
}

/** Takes the whole object, as read; one older than what is known is ignored. */
export function observeObject<T extends Versioned>(state: Observed<T>, object: T): Observed<T> {
  if (state.object && object.version <= state.object.version) return state;
  return { object, early: new Map([...state.early].filter(([version]) => version > object.version)) };
}

/** The next version, or undefined if its update is missing; one that would make the object invalid is left to the next read. */
export function advance<T extends Versioned>(
  { object, early }: Observed<T>,
  isValid: (candidate: Versioned) => candidate is T,
): { readonly state: Observed<T>; readonly update: ObjectUpdate } | undefined {
  const update = object && early.get(object.version + 1);
  if (!update) return undefined;
  const next = apply(object, update);
  if (!isValid(next)) return undefined;
  const rest = new Map(early);
  rest.delete(update.version);
  return { state: { object: next, early: rest }, update };
}

/** The version that an update makes of the one before: reporter and observers alike have it from here. Whether it still is a T is theirs to know. */
export function apply<T extends Versioned>(object: T, update: ObjectUpdate): T {
  return {
    ...object,
    version: update.version,
    lastModified: update.lastModified ?? object.lastModified,
    data: changed(object.data, update.attribute.split('.'), update),
  };
}

/** A copy of `target` with the change at the end of `path`. */
function changed(target: unknown, path: string[], update: ObjectUpdate): object {
  const [key = '', ...rest] = path;
  if (rest.length > 0) {
    const child = isObject(target) ? target[key] : undefined;
    return withEntry(target, key, changed(child, rest, update));
  }
  if (update.attributeType === 'array' && update.operation && (Array.isArray(target) || target === undefined)) {
    return spliced(target ?? [], Number(key), update);
  }
  return 'value' in update ? withEntry(target, key, update.value) : withoutEntry(target, key);
}

/** As reTHINK's own Syncher does: what is added is an element or a list of them, what is removed may come with their number. */
function spliced(elements: unknown[], index: number, { operation, value }: ObjectUpdate): unknown[] {
  if (operation === 'add') return elements.toSpliced(index, 0, ...(Array.isArray(value) ? value : [value]));
  return elements.toSpliced(index, typeof value === 'number' ? value : 1);
}

function withEntry(target: unknown, key: string, value: unknown): object {
  if (Array.isArray(target)) return target.toSpliced(Number(key), 1, value);
  return { ...(isObject(target) && target), [key]: value };
}

function withoutEntry(target: unknown, key: string): object {
  const { [key]: _, ...rest } = isObject(target) ? target : {};
  return rest;
}
