import { AllocateBody, Code, expectBody, type Message, Refusal, ReleaseBody, response } from '@hyperroom/protocol';
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
    const own = await entries.ofConnection(session.connectionId);
    const wanted = own.filter(
      ({ url, allocationKey }) => named.includes(url) || (allocationKey !== undefined && named.includes(allocationKey)),
    );
    await Promise.all(
      wanted.map(async ({ url }) => {
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

/** All texts in lists of lists. */
function texts(nested: readonly unknown[]): string[] {
  return nested.flat(8).filter((element) => typeof element === 'string');
}
