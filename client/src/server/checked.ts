import { issueText } from '@hyperroom/protocol';
import * as v from 'valibot';
import { HyperroomError } from '../errors.ts';

/** The value as its schema makes it; a `bad-request` that says where it is wrong. */
export function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new HyperroomError('bad-request', issueText(result.issues[0]));
}
