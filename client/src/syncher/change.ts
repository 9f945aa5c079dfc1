import type { ObjectUpdate } from '@hyperroom/protocol';
import { isObject } from '../frames.ts';
import type { Change, Versioned } from './types.ts';

export function changeOf(before: Versioned, update: ObjectUpdate, after: Versioned): Change {
  const { version, attribute } = update;
  const oldValue = valueAt(before.data, attribute);
  const newValue = valueAt(after.data, attribute);
  const moves = update.attributeType === 'array' ? update.operation : undefined;
  const sets = oldValue === undefined ? 'add' : 'update';
  return {
    version,
    attribute,
    operation: moves ?? ('value' in update ? sets : 'remove'),
    // What only moves has not been there, or is not there any more.
    oldValue: moves === 'add' ? undefined : oldValue,
    newValue: moves === 'remove' ? undefined : newValue,
  };
}

/** What is at a dotted path. */
export function valueAt(data: unknown, attribute: string): unknown {
  return attribute
    .split('.')
    .reduce((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), data);
}
