import type { ObjectUpdate } from '@hyperroom/protocol';
import type { Change, Versioned } from './types.ts';

export function changeOf(before: Versioned, update: ObjectUpdate, after: Versioned): Change {
  const { version, attribute } = update;
  const oldValue = valueAt(before.data, attribute);
  const newValue = valueAt(after.data, attribute);
  if (update.attributeType === 'array' && update.operation === 'add') {
    return { version, attribute, operation: 'add', oldValue: undefined, newValue };
  }
  if (update.attributeType === 'array' && update.operation === 'remove') {
    return { version, attribute, operation: 'remove', oldValue, newValue: undefined };
  }
  if (!('value' in update)) return { version, attribute, operation: 'remove', oldValue, newValue };
  return { version, attribute, operation: oldValue === undefined ? 'add' : 'update', oldValue, newValue };
}

/** What is at a dotted path. */
export function valueAt(data: unknown, attribute: string): unknown {
  return attribute.split('.').reduce((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? Reflect.get(value, key)
      : undefined;
  }, data);
}
