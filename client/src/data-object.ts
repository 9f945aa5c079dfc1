import type { ObjectUpdate } from '@hyperroom/protocol';

/** What observing needs of a data object; the rest is its schema's business. */
export interface Versioned {
  version: number;
  lastModified: string;
  data: object;
}

/**
 * What an observer knows of a data object: its newest complete version, and updates that came before their turn.
 * Values are never changed in place: every function here returns a new state, or the same one if nothing happened.
 */
export interface Observed<T extends Versioned> {
  readonly object: T | undefined;
  readonly early: ReadonlyMap<number, ObjectUpdate>;
}

/** The initial state: updates that arrive before the object itself wait for it. */
export const UNSEEN: Observed<never> = { object: undefined, early: new Map() };

/** Whether an update is missing between the object and those that came early. */
export function isBehind(state: Observed<Versioned>): boolean {
  return state.object !== undefined && state.early.size > 0;
}

/** Takes an update, whatever the order or the number of times it arrives in. */
export function observeUpdate<T extends Versioned>(
  state: Observed<T>,
  update: ObjectUpdate,
  isValid: (candidate: Versioned) => candidate is T,
): Observed<T> {
  const known = state.object?.version ?? -1;
  if (update.version <= known) return state;
  return catchUp(state.object, new Map(state.early).set(update.version, update), isValid);
}

/** Takes the whole object, as read; one older than what is known is ignored. */
export function observeObject<T extends Versioned>(
  state: Observed<T>,
  object: T,
  isValid: (candidate: Versioned) => candidate is T,
): Observed<T> {
  if (state.object && object.version <= state.object.version) return state;
  return catchUp(object, new Map(state.early), isValid);
}

/** Applies every early update whose turn has come; one that would make the object invalid is left to the next read. */
function catchUp<T extends Versioned>(
  start: T | undefined,
  early: Map<number, ObjectUpdate>,
  isValid: (candidate: Versioned) => candidate is T,
): Observed<T> {
  let object = start;
  if (object) for (const version of early.keys()) if (version <= object.version) early.delete(version);
  while (object) {
    const update = early.get(object.version + 1);
    if (!update) break;
    const next = apply(object, update);
    if (!isValid(next)) break;
    early.delete(update.version);
    object = next;
  }
  return { object, early };
}

function apply(object: Versioned, update: ObjectUpdate): Versioned {
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
    const child: unknown = isContainer(target) ? Reflect.get(target, key) : undefined;
    return withEntry(target, key, changed(child, rest, update));
  }
  if (update.attributeType === 'array' && update.operation && (Array.isArray(target) || target === undefined)) {
    const inserted = update.operation === 'add' ? [update.value] : [];
    return (target ?? []).toSpliced(Number(key), 1 - inserted.length, ...inserted);
  }
  return 'value' in update ? withEntry(target, key, update.value) : withoutEntry(target, key);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function withEntry(target: unknown, key: string, value: unknown): object {
  if (Array.isArray(target)) return target.toSpliced(Number(key), 1, value);
  return { ...(isContainer(target) ? target : {}), [key]: value };
}

function withoutEntry(target: unknown, key: string): object {
  const { [key]: _, ...rest } = isContainer(target) ? (target as Record<string, unknown>) : {};
  return rest;
}
