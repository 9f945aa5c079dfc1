import { Code, Refusal, SESSION_LIFETIME } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { Addresses, Claim } from '../store/addresses.ts';
import type { AddressEntry } from '../store/entries.ts';
import type { Ownership } from './ownership.ts';
import type { Session } from './session.ts';

/**
 * Addresses that are published to rather than owned: any number of sessions may subscribe to them. Every other address
 * has one owner, and what is sent to it is for him alone.
 */
export function isTopic(address: string): boolean {
  return /\/(?:changes|registration|status|children(?:\/.*)?)$/.test(address);
}

/** What a session binds, beyond its own connection. */
export type Binding = Pick<Claim, 'url' | 'allocationKey' | 'rooms' | 'registration'>;

export interface Binder {
  /** Makes a session the owner of an address. Throws a refusal if it is another's. */
  bind(session: Session, binding: Binding): Promise<void>;
}

export interface BinderDependencies {
  readonly entries: Addresses;
  readonly owners: Ownership;
  readonly gateway: Gateway;
  readonly clock: () => number;
}

export function binder({ entries, owners, gateway, clock }: BinderDependencies): Binder {
  /** Whether an address that somebody holds may be taken from him. */
  async function mayTake(holder: AddressEntry, claim: Claim, session: Session): Promise<boolean> {
    if (holder.user === claim.user && !session.anonymous) return true;
    // What a user says of himself proves little: without a token nothing is taken from who is still there,
    const abandoned = !holder.connectionId || !(await gateway.isOpen(holder.connectionId));
    // and a registration stays with its user, for it says whose it is.
    return abandoned && (!holder.registration || holder.user === claim.user);
  }

  return {
    async bind(session, binding) {
      const { connectionId } = session;
      const claim: Claim = {
        ...binding,
        connectionId,
        user: session.anonymous ? (binding.registration?.user ?? session.user) : session.user,
        expires: clock() + SESSION_LIFETIME,
      };
      const first = await entries.claim(claim);
      if (!first.taken) {
        const { holder } = first;
        const taken = holder && (await mayTake(holder, claim, session)) && (await entries.claim(claim, holder)).taken;
        if (!taken) throw new Refusal(Code.forbidden, `${binding.url} belongs to another user`);
      }
      owners.remember(session, binding.url);
    },
  };
}
