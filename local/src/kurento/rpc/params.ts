import { marshalError, missingField } from './errors.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Kurento's JSON reader turns any scalar into a string: an offer of `5` is a bad SDP, not a bad parameter. */
function asString(value: Json | undefined): string | undefined {
  if (value === null) return '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** A field of the request's envelope, such as `object` or `operation`. */
export function requiredField(params: JsonObject, name: string): string {
  const value = asString(params[name]);
  if (value === undefined) throw missingField(name);
  return value;
}

export function optionalField(params: JsonObject, name: string): string | undefined {
  return asString(params[name]);
}

/** The parameters of one operation or constructor. */
export class Parameters {
  private readonly values: JsonObject;

  constructor(values: Json | undefined) {
    this.values = isJsonObject(values) ? values : {};
  }

  get names(): string[] {
    return Object.keys(this.values);
  }

  string(name: string): string {
    const value = asString(this.values[name]);
    if (value === undefined) throw marshalError(`'${name}' parameter should be a string`);
    return value;
  }

  integer(name: string): number {
    const value = this.values[name];
    if (typeof value !== 'number') throw marshalError(`'${name}' parameter should be a integer`);
    return Math.trunc(value);
  }

  boolean(name: string): boolean {
    const value = this.values[name];
    if (typeof value !== 'boolean') throw marshalError(`'${name}' parameter should be a boolean`);
    return value;
  }

  object(name: string): JsonObject {
    const value = this.values[name];
    if (!isJsonObject(value)) throw marshalError(`'${name}' parameter should be a object`);
    return value;
  }

  oneOf<T extends string>(name: string, kind: string, allowed: readonly T[]): T {
    const value = this.string(name);
    const match = allowed.find((candidate) => candidate === value);
    if (match === undefined) throw marshalError(`Invalid value for '${kind}'`);
    return match;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }
}
