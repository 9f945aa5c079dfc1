import { Address, changesOf, type Message, schemeOf, subscriptionOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import { HyperroomError } from '../errors.ts';
import { bodyOf, type Request } from '../message-bus.ts';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import type { DataObject } from './data-object.ts';

/* What reporters and observers say to each other ("Data synchronisation" of the reTHINK messages). Fields that are not named here are others' business. */

/** Where the children of a data object are published. */
export const childrenOf = (url: string) => `${url}/children/`;

/** The addresses that a reporter listens at. */
export const reporterAddresses = (url: string) => [url, subscriptionOf(url), childrenOf(url)];

/** The addresses that an observer listens at. */
export const observerAddresses = (url: string) => [changesOf(url), childrenOf(url)];

/** Has the messaging node route addresses to a hyperty, or no longer. */
export function routing(
  type: 'subscribe' | 'unsubscribe',
  { url, addresses }: RegisteredHyperty,
  resources: string[],
): Request {
  return { type, from: url, to: addresses.subscriptions, body: { resources, source: url } };
}

/** Has the registry list an object under its name, as long as its hyperty is connected. */
export function registration(hyperty: RegisteredHyperty, { url, name, schema, reporter }: DataObject): Request {
  const kind = { resources: [], dataSchemes: [schemeOf(url)], ephemeral: true };
  return toRegistry(hyperty, 'create', { value: { url, name, schema, reporter, ...kind } });
}

export function unregistration(hyperty: RegisteredHyperty, url: string): Request {
  return toRegistry(hyperty, 'update', { resource: url, value: { status: 'disconnected' }, attribute: 'status' });
}

function toRegistry({ url, addresses }: RegisteredHyperty, type: Request['type'], body: Request['body']): Request {
  return { type, from: url, to: addresses.registry, body };
}

/** Asks the reporter for the object and its changes, or tells it that they are no longer wanted. */
export function subscription(
  type: 'subscribe' | 'unsubscribe',
  hyperty: RegisteredHyperty,
  url: string,
  more = {},
): Request {
  // Reporters look for the subscriber under either name.
  const body = { subscriber: hyperty.url, source: hyperty.url, ...more };
  return { type, from: hyperty.url, to: subscriptionOf(url), body };
}

/** `subscribe` and `unsubscribe` to `<object>/subscription`. */
export const SubscriptionRequest = v.object({
  subscriber: v.optional(Address),
  source: v.optional(Address),
  resume: v.optional(v.boolean(), false),
});

export type SubscriptionRequest = v.InferOutput<typeof SubscriptionRequest>;

/** `create` to a hyperty from `<object>/subscription`: an invitation. */
export const InvitationBody = v.object({
  source: v.optional(Address),
  schema: v.optional(v.string()),
  resume: v.optional(v.boolean(), false),
  value: v.optional(v.looseObject({ name: v.optional(v.string()), reporter: v.optional(Address) }), {}),
});

export type InvitationBody = v.InferOutput<typeof InvitationBody>;

/** `create` to `<object>/children/`. */
export const ChildBody = v.object({ resource: v.optional(v.string(), ''), value: v.unknown() });

const Text = v.optional(v.string(), '');
const SnapshotBody = v.object({
  schema: v.optional(v.string()),
  owner: v.optional(Address),
  value: v.object({
    reporter: v.optional(Address),
    schema: v.optional(v.string()),
    name: v.optional(v.string()),
    version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
    created: Text,
    lastModified: Text,
    data: v.looseObject({}),
  }),
});

/** Whether data is of a schema. */
export type Validity<T extends object> = (data: object) => data is T;

export const isAnything = <T extends object>(_: object): _ is T => true;

/** The object `url` as a `read` or a `subscribe` was answered; `protocol-error` if it is none, or not valid. */
export function snapshotOf<T extends object>(
  url: string,
  response: Message,
  isValid: Validity<T> = isAnything,
): DataObject<T> {
  const { value, owner = '', schema } = bodyOf(SnapshotBody, response);
  const { data, reporter = owner } = value;
  if (!isValid(data)) throw new HyperroomError('protocol-error', `${url} is not of the expected schema`);
  return { ...value, url, reporter, schema: value.schema ?? schema, data };
}

/** Reads an object from wherever it is reported. */
export async function readObject<T extends object>(
  hyperty: RegisteredHyperty,
  url: string,
  isValid?: Validity<T>,
): Promise<DataObject<T>> {
  const [response] = hyperty.bus.request({ type: 'read', from: hyperty.url, to: url, body: {} });
  return snapshotOf(url, await response, isValid);
}
