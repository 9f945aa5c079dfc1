import { Address, changesOf, subscriptionOf } from '@hyperroom/protocol';
import * as v from 'valibot';
import type { Hyperty } from '../hyperty.ts';
import { bodyOf, type Request } from '../message-bus.ts';
import type { DataObject } from './data-object.ts';

/* What reporters and observers say to each other ("Data synchronisation" of the reTHINK messages). Fields that are not named here are others' business. */

/** Where the children of a data object are published. */
export const childrenOf = (url: string) => `${url}/children/`;

/** The addresses that a reporter listens at. */
export const reporterAddresses = (url: string) => [url, subscriptionOf(url), childrenOf(url)];

/** The addresses that an observer listens at. */
export const observerAddresses = (url: string) => [changesOf(url), childrenOf(url)];

/** Has the messaging node route addresses to a hyperty, or no longer. */
export function routing(type: 'subscribe' | 'unsubscribe', { url, addresses }: Hyperty, resources: string[]): Request {
  return { type, from: url, to: addresses.subscriptions, body: { resources, source: url } };
}

/** Asks the reporter for the object and its changes, or tells it that they are no longer wanted. */
export function subscription(type: 'subscribe' | 'unsubscribe', hyperty: Hyperty, url: string, more = {}): Request {
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

/** `create` to a hyperty from `<object>/subscription`: an invitation. */
export const InvitationBody = v.object({
  source: v.optional(Address),
  schema: v.optional(v.string()),
  resume: v.optional(v.boolean(), false),
  value: v.optional(v.looseObject({ name: v.optional(v.string()), reporter: v.optional(Address) }), {}),
});

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

/** The object `url` as a `read` or a `subscribe` was answered; `protocol-error` if it is none. */
export function snapshotOf(url: string, response: Parameters<typeof bodyOf>[1]): DataObject {
  const { value, owner = '', schema } = bodyOf(SnapshotBody, response);
  return { ...value, url, reporter: value.reporter ?? owner, schema: value.schema ?? schema };
}

/** Reads an object from wherever it is reported. */
export async function readObject(hyperty: Hyperty, url: string): Promise<DataObject> {
  const [response] = hyperty.bus.request({ type: 'read', from: hyperty.url, to: url, body: {} });
  return snapshotOf(url, await response);
}
