import * as v from 'valibot';
import { Address } from './address.ts';
import { schemeOf } from './domain.ts';
import { MAX_NAME_LENGTH, REGISTRATION_EXPIRES } from './limits.ts';

const Strings = v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(32));
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));

/** Hyperties have lived under `hyperty` and, in older runtimes, under `hyperty-instance`. */
export const isHypertyScheme = (scheme: string) => scheme.startsWith('hyperty');

/** An entry of the domain registry: a hyperty's, or a data object's. Fields that we do not know are kept. */
export const Registration = v.pipe(
  v.looseObject({
    /** Absent: the registry gives one. */
    url: v.optional(Address),
    /** Whose it is. Absent: the user of the session's token. */
    user: v.optional(Address),
    guid: v.optional(Address),
    descriptor: v.optional(Text),
    runtime: v.optional(Address),
    /** Seconds until it counts as disconnected without a keep-alive. */
    expires: v.optional(
      v.pipe(
        v.number(),
        v.minValue(1),
        v.transform((seconds) => Math.min(seconds, REGISTRATION_EXPIRES)),
      ),
      REGISTRATION_EXPIRES,
    ),
    status: v.optional(v.picklist(['created', 'live', 'disconnected']), 'live'),
    resources: v.optional(Strings),
    dataSchemes: v.optional(Strings),
    /** Ends with its connection, instead of staying readable as disconnected: an extension, for hyperties that live as long as a page. */
    ephemeral: v.optional(v.boolean()),
    /**
     * A secret of its owner's, an extension: who registers the same URL with it takes the address over, from whatever socket. Nobody
     * is ever shown it. While its owner is in a room, such an entry outlives its socket.
     */
    resumption: v.optional(v.pipe(v.string(), v.minLength(16), v.maxLength(128))),
    /** Of a data object. */
    name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH))),
    schema: v.optional(Text),
    reporter: v.optional(Address),
  }),
  v.check(
    (value) => isObject(value.url) || [value.descriptor, value.resources, value.dataSchemes].every(isGiven),
    'value: a hyperty is registered with its descriptor, resources and dataSchemes',
  ),
  v.check(
    (value) => !isObject(value.url) || [value.name, value.schema, value.reporter].every(isGiven),
    'value: a data object is registered with its name, schema and reporter',
  ),
);
export type Registration = v.InferOutput<typeof Registration>;

function isObject(url: string | undefined): boolean {
  return url !== undefined && !isHypertyScheme(schemeOf(url));
}

const isGiven = (field: unknown) => field !== undefined;

/** Older runtimes named the URL and the descriptor otherwise, and said nothing of resources and data schemes. */
function inNewNames({ hypertyURL, hypertyDescriptorURL, ...value }: Record<string, unknown>): Record<string, unknown> {
  if (hypertyURL === undefined) return value;
  return { resources: [], dataSchemes: [], ...value, url: hypertyURL, descriptor: hypertyDescriptorURL };
}

/** `create`. */
export const RegisterBody = v.object({ value: v.pipe(v.looseObject({}), v.transform(inNewNames), Registration) });

const NewStatus = v.union([v.string(), v.looseObject({ status: v.optional(v.string()) })]);

/** `update`: a keep-alive, or, with `value` 'disconnected' in either spelling, an end. */
export const RegistrationUpdateBody = v.pipe(
  v.object({
    resource: Address,
    value: v.optional(NewStatus),
    attribute: v.optional(v.string()),
  }),
  v.transform(({ resource, value }) => ({
    resource,
    ends: (typeof value === 'object' ? value.status : value) === 'disconnected',
  })),
);

/** `delete`: forget the entry altogether (an extension: to reTHINK an entry ends as disconnected). */
export const RegistrationDeleteBody = v.object({ resource: Address });

/** `read`. */
export const RegistryReadBody = v.object({
  resource: v.pipe(v.string(), v.minLength(1), v.maxLength(600)),
  criteria: v.optional(
    v.object({
      resources: v.optional(Strings, []),
      dataSchemes: v.optional(Strings, []),
      scheme: v.optional(v.string()),
    }),
  ),
});

/** Where changes of a registration are published. */
export const registrationOf = (url: string) => `${url}/registration`;
