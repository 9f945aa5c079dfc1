import * as v from 'valibot';
import { HypertyUrl } from './address.ts';
import { MAX_CAPACITY, MAX_DATA_BYTES } from './limits.ts';
import { TOPIC } from './topic.ts';

/*
 * Chat and application data: children of the room object. A participant `create`s one at `<room>/children/`;
 * the conference answers with what it made of it, and passes the same to those it is for.
 * `read` at that address gives the ones kept.
 */

export const Topic = v.pipe(v.string(), v.regex(TOPIC, 'a topic has 1 to 64 letters, digits or . _ -'));

const Payload = v.pipe(
  v.unknown(),
  v.check((data) => data !== undefined, 'data is missing'),
  v.check(
    (data) => new TextEncoder().encode(JSON.stringify(data)).length <= MAX_DATA_BYTES,
    `data has at most ${MAX_DATA_BYTES} bytes as JSON`,
  ),
);

/** `create` by a participant. `resource` is the child's id, unique among the sender's. */
export const DataBody = v.object({
  resource: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'a child has an id')),
  value: v.object({
    topic: Topic,
    data: Payload,
    /** Ids of the participants that it is for. Absent: everyone. */
    to: v.optional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(MAX_CAPACITY))),
  }),
});
export type DataBody = v.InferOutput<typeof DataBody>;

/** A child as its receivers get it. */
export const DataMessage = v.object({
  id: v.string(),
  topic: v.string(),
  data: v.unknown(),
  /** Who sent it, as it was named then; absent: a back end. */
  sender: v.optional(v.object({ id: v.string(), hypertyURL: HypertyUrl, name: v.string() })),
  to: v.optional(v.array(v.string())),
  /** When the conference took it. */
  sent: v.string(),
});
export type DataMessage = v.InferOutput<typeof DataMessage>;

/** What the conference passes on: a `create` from `<room>/children/`. */
export const DataPush = v.object({ resource: v.string(), value: DataMessage });
export type DataPush = v.InferOutput<typeof DataPush>;

/** The response to a `create`, and to a `read`. */
export const DataSentBody = v.object({ code: v.literal(200), value: DataMessage });
export type DataSentBody = v.InferOutput<typeof DataSentBody>;
export const HistoryBody = v.object({ code: v.literal(200), value: v.array(DataMessage) });
export type HistoryBody = v.InferOutput<typeof HistoryBody>;
