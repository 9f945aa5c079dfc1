import * as v from 'valibot';
import { HyperroomError } from './errors.ts';

/** What an application gave, as `schema` has it; throws `bad-request`. */
export function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new HyperroomError('bad-request', parsed.issues[0].message);
}
