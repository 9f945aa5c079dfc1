import {
  AllocateBody,
  Code,
  expectBody,
  MAX_ADDRESS_LENGTH,
  MAX_BLOCK,
  type Message,
  Refusal,
  ReleaseBody,
  response,
} from '@hyperroom/protocol';
import type { Addresses } from '../store/addresses.ts';
import type { Binder } from './binding.ts';
import type { Ownership } from './ownership.ts';
import type { Session } from './session.ts';
import type { Component } from './turn.ts';

export interface AllocationDependencies {
  readonly domain: string;
  readonly entries: Addresses;
  readonly binder: Binder;
  readonly owners: Ownership;
  readonly newId: () => string;
}

/** Gives out addresses and takes them back. */
export function allocation({ domain, entries, binder, owners, newId }: AllocationDependencies): Component {
  async function allocate(message: Message, session: Session): Promise<Message> {
    const { scheme, value, ...older } = expectBody(AllocateBody, message);
    const { number, allocationKey } = value ?? older;
    // The older address for hyperties gives nothing else, whatever it is asked for.
    const wanted = /\/hyperty-address-allocation\/?$/.test(message.to) ? 'hyperty' : scheme;
    const allocated = Array.from({ length: number ?? 1 }, () => `${wanted}://${domain}/${newId()}`);
    await Promise.all(allocated.map((url) => binder.bind(session, { url, allocationKey })));
    // Who asks in the older form reads the answer in it.
    return response(message, Code.ok, { value: { allocated }, ...(!value && { allocated }) });
  }

  /** Unknown addresses are no error, and neither are those of others: they are left alone. */
  async function release(message: Message, session: Session): Promise<Message> {
    const { resource, childrenResources } = expectBody(ReleaseBody, message);
    const named = texts([resource, childrenResources]);
    if (named.length > MAX_BLOCK)
      throw new Refusal(Code.badRequest, `at most ${MAX_BLOCK} addresses are freed at once`);
    // The index by connection follows the table with a delay: what is named by its address is looked up there.
    const [own, listed] = await Promise.all([entries.ofConnection(session.connectionId), entries.lookUp(named)]);
    const ofKeys = own.filter(({ allocationKey }) => allocationKey !== undefined && named.includes(allocationKey));
    const urls = new Set([...listed.values(), ...ofKeys].map(({ url }) => url));
    await Promise.all(
      [...urls].map(async (url) => {
        await entries.release(url, session.connectionId);
        owners.forget(session, url);
      }),
    );
    return response(message, Code.ok);
  }

  return async (message, { session }) => {
    if (message.type === 'create') return allocate(message, session);
    if (message.type === 'delete') return release(message, session);
    if (message.type === 'response') return undefined;
    throw new Refusal(Code.badRequest, `address allocation does not know '${message.type}'`);
  };
}

/** All texts in lists of lists that could be addresses or keys. */
function texts(nested: readonly unknown[]): string[] {
  return nested
    .flat(8)
    .filter((element): element is string => typeof element === 'string' && element.length <= MAX_ADDRESS_LENGTH);
}
