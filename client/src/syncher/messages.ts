import { changesOf, childrenOf, type Message, schemeOf, subscriptionOf } from '@hyperroom/protocol';
import { HyperroomError } from '../errors.ts';
import { isObject } from '../frames.ts';
import { bodyOf, type Request } from '../message-bus.ts';
import type { RegisteredHyperty } from '../registered-hyperty.ts';
import type { DataObject, Validity } from './types.ts';

/* What reporters and observers say to each other ("Data synchronisation" of the reTHINK messages). Fields that are not named here are others' business. */

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
  return hyperty.toRegistry('create', { value: { url, name, schema, reporter, ...kind } });
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

/** Names, addresses and times are no longer: what is made of them has to fit into a message again. */
const LONGEST = 1_000;

const areTexts = (...values: readonly unknown[]) =>
  values.every((value = '') => typeof value === 'string' && value.length <= LONGEST);

/** What is known of the fields of a body that anybody may have sent. */
type Said<Body> = Partial<Record<keyof Body, unknown>>;

/** `subscribe` and `unsubscribe` to `<object>/subscription`. */
export interface SubscriptionRequest {
  subscriber?: string;
  source?: string;
  resume?: boolean;
}

export const isSubscription = ({ subscriber, source }: Said<SubscriptionRequest>) => areTexts(subscriber, source);

/** `create` to a hyperty from `<object>/subscription`: an invitation. */
export interface InvitationBody {
  source?: string;
  schema?: string;
  resume?: boolean;
  value?: { name?: string; reporter?: string };
}

export function isInvitation({ source, schema, value = {} }: Said<InvitationBody>): boolean {
  return isObject(value) && areTexts(source, schema, value.name, value.reporter);
}

/** `create` to `<object>/children/`. */
export interface ChildBody {
  resource?: string;
  value?: unknown;
}

export const isChild = ({ resource }: Said<ChildBody>) => areTexts(resource);

/** What a `read` or a `subscribe` is answered with. */
interface SnapshotBody {
  schema?: string;
  owner?: string;
  value: Partial<Omit<DataObject, 'data'>> & Pick<DataObject, 'data'>;
}

function isSnapshot({ schema, owner, value }: Said<SnapshotBody>): boolean {
  if (!isObject(value) || !isObject(value.data)) return false;
  const { version = 0, reporter, name, created, lastModified } = value;
  return Number.isInteger(version) && areTexts(schema, owner, reporter, value.schema, name, created, lastModified);
}

export const isAnything = <T extends object>(_: object): _ is T => true;

/** The object `url` as a `read` or a `subscribe` was answered; `protocol-error` if it is none, or not valid. */
export function snapshotOf<T extends object>(
  url: string,
  response: Message,
  isValid: Validity<T> = isAnything,
): DataObject<T> {
  const { value, owner = '', schema: known } = bodyOf<SnapshotBody>(response, isSnapshot);
  const { reporter = owner, schema = known, name, version = 0, created = '', lastModified = '', data } = value;
  if (!isValid(data)) throw new HyperroomError('protocol-error', `${url} is not valid`);
  return { url, reporter, schema, name, version, created, lastModified, data };
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
