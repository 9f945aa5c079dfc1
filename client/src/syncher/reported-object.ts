import type { ObjectUpdate } from '@hyperroom/protocol';
import { HyperroomError } from '../errors.ts';
import { valueAt } from './change.ts';
import { apply } from './data-object.ts';
import type { DataObject } from './types.ts';

/** The original of a data object: every change of it is a version, and is published as an update. */
export class ReportedObject<T extends object> {
  readonly #publish: (update: ObjectUpdate) => void;
  #object: DataObject<T>;

  /** @param publish may throw, and the change has not happened. */
  constructor(object: DataObject<T>, publish: (update: ObjectUpdate) => void) {
    this.#object = object;
    this.#publish = publish;
  }

  get object(): DataObject<T> {
    return this.#object;
  }

  /** Sets what is at a dotted path. */
  update(attribute: string, value: unknown): void {
    this.#change({ attribute, value: jsonOf(value) });
  }

  /** Deletes a field, or takes an element out of an array. */
  remove(attribute: string): void {
    if (valueAt(this.#object.data, attribute) === undefined) throw unfit(`nothing at ${attribute}`);
    // reTHINK's own observers take out as many elements as `value` says.
    const element = { attributeType: 'array', operation: 'remove', value: 1 } as const;
    this.#change({ attribute, ...(this.#isElement(attribute) && element) });
  }

  /** Puts elements into an array, before the one that the path names. */
  insert(attribute: string, ...values: readonly unknown[]): void {
    if (!this.#isElement(attribute)) throw unfit(`no array at ${attribute}`);
    const [only] = values;
    // A list means its elements: a single one that is a list itself has to be wrapped.
    const value = jsonOf(values.length === 1 && !Array.isArray(only) ? only : values);
    this.#change({ attribute, attributeType: 'array', operation: 'add', value });
  }

  #isElement(attribute: string): boolean {
    const cut = attribute.lastIndexOf('.');
    return cut > 0 && Array.isArray(valueAt(this.#object.data, attribute.slice(0, cut)));
  }

  #change(change: Pick<ObjectUpdate, 'attribute' | 'attributeType' | 'operation' | 'value'>): void {
    const { version, reporter } = this.#object;
    const update = { version: version + 1, source: reporter, lastModified: new Date().toISOString(), ...change };
    const next = apply(this.#object, update);
    this.#publish(update);
    this.#object = next;
  }
}

/** What arrives of a value: a copy that neither the caller nor JSON can change any more. */
function jsonOf(value: unknown): unknown {
  const json = JSON.stringify(value);
  if (json === undefined) throw unfit('no JSON');
  return JSON.parse(json);
}

function unfit(message: string): HyperroomError {
  return new HyperroomError('bad-request', message);
}
