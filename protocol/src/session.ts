import * as v from 'valibot';
import { Address } from './address.ts';

/* What the messaging node's own components are asked: address allocation and routing subscriptions. */

/** Addresses given out, or taken back, at once. */
export const MAX_BLOCK = 64;
const MAX_RESOURCES = 64;

/** `create` to address-allocation. Older runtimes put the number beside `value`. */
const Block = v.object({
  number: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BLOCK))),
  /** The same key frees the whole block later. */
  allocationKey: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
});
export const AllocateBody = v.object({
  scheme: v.optional(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9+.-]{0,63}$/i, 'a scheme is a word')), 'hyperty'),
  value: v.optional(Block),
  ...Block.entries,
});

const Listed = v.pipe(v.array(v.unknown()), v.maxLength(MAX_RESOURCES));

/** `delete` to address-allocation: an allocation key (or one address), or lists of addresses, nested or not; in either field. */
export const ReleaseBody = v.object({
  resource: v.optional(v.union([v.pipe(v.string(), v.maxLength(512)), Listed])),
  childrenResources: v.optional(Listed),
});

const Resources = v.pipe(v.array(Address), v.maxLength(MAX_RESOURCES));

/** `subscribe` and `unsubscribe` to the subscription manager; older runtimes name the list after the verb. */
export const SubscriptionBody = v.pipe(
  v.object({
    resources: v.optional(Resources),
    subscribe: v.optional(Resources),
    unsubscribe: v.optional(Resources),
    resource: v.optional(Address),
    source: v.optional(v.unknown()),
  }),
  v.transform((body) => ({
    resources: body.resources ?? body.subscribe ?? body.unsubscribe ?? (body.resource ? [body.resource] : []),
  })),
  v.check(({ resources }) => resources.length > 0, 'resources: name at least one address'),
);

/** Milliseconds that a session, its addresses and its subscriptions outlive the last sign of it: more than a socket's two hours. */
export const SESSION_LIFETIME = 3 * 3600_000;
