import * as v from 'valibot';
import { HyperroomError } from '../errors.ts';

/** The value as its schema makes it; a `bad-request` that says where it is wrong. */
export function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new HyperroomError('bad-request', faultOf(result.issues));
}

/** Where the first of the faults is, and what it is. */
export function faultOf([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
