import * as v from 'valibot';
import { Address, HypertyUrl } from './address.ts';
import { REGISTRATION_EXPIRES } from './limits.ts';

const Strings = v.pipe(v.array(v.pipe(v.string(), v.maxLength(128))), v.maxLength(32));

/** A hyperty's entry in the domain registry. Without `url` the registry gives it one. */
export const Registration = v.looseObject({
  url: v.optional(HypertyUrl),
  user: v.optional(v.string()),
  descriptor: v.optional(v.string()),
  runtime: v.optional(Address),
  /** Seconds until it is forgotten without a keep-alive. */
  expires: v.optional(
    v.pipe(
      v.number(),
      v.minValue(1),
      v.transform((seconds) => Math.min(seconds, REGISTRATION_EXPIRES)),
    ),
    REGISTRATION_EXPIRES,
  ),
  resources: v.optional(Strings),
  dataSchemes: v.optional(Strings),
});
export type Registration = v.InferOutput<typeof Registration>;

export const RegisterBody = v.object({ value: Registration });

/** What a successful registration answers in `body.value`. */
export const Registered = v.looseObject({ url: HypertyUrl, expires: v.number() });
export type Registered = v.InferOutput<typeof Registered>;

/** Keep-alive; with `value` 'disconnected' (either spelling), unregister. */
export const RegistrationUpdateBody = v.object({
  resource: Address,
  value: v.optional(v.union([v.string(), v.looseObject({ status: v.optional(v.string()) })])),
  attribute: v.optional(v.string()),
});
