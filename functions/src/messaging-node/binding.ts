import { Code, Refusal, SESSION_LIFETIME } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { Addresses, Claim } from '../store/addresses.ts';
import type { AddressEntry } from '../store/entries.ts';
import type { SessionRecord, Sessions } from '../store/sessions.ts';
import type { Ownership } from './ownership.ts';
import { isAnonymous, type Session } from './session.ts';

/**
 * Addresses that are published to rather than owned: any number of sessions may subscribe to them. Every other address
 * has one owner, and what is sent to it is for him alone.
 */
export function isTopic(address: string): boolean {
  return /\/(?:changes|registration|status|children(?:\/.*)?)$/.test(address);
}

/** What a session binds, beyond its own connection. */
export type Binding = Pick<Claim, 'url' | 'allocationKey' | 'rooms' | 'registration' | 'resumption'>;

export interface Binder {
  /**
   * Makes a session the owner of an address, and gives its entry as it was. Throws a refusal if it is another's. `runtime`: the
   * session's, where it is known.
   */
  bind(session: Session, binding: Binding, runtime?: string): Promise<AddressEntry | undefined>;
  /** Gives a session that has proved itself by its token an address that its runtime took from it meanwhile. */
  takeBack(session: Session, url: string): Promise<void>;
}

export interface BinderDependencies {
  readonly entries: Addresses;
  readonly sessions: Pick<Sessions, 'ofConnection' | 'lend'>;
  readonly owners: Ownership;
  readonly gateway: Gateway;
  readonly clock: () => number;
}

export function binder({ entries, sessions, owners, gateway, clock }: BinderDependencies): Binder {
  async function sessionOn(connectionId: string | undefined): Promise<SessionRecord | undefined> {
    const records = connectionId ? await sessions.ofConnection(connectionId) : [];
    return records.find((record) => record.runtime !== undefined && record.expires > clock());
  }

  /** Takes an address from who holds it, if it may be taken. */
  async function take(holder: AddressEntry, claim: Claim, session: Session, runtime?: string): Promise<boolean> {
    if (holder.resumable && holder.opened > session.opened) return false;
    if (isVouchedOwn(holder, session)) return replace(holder, claim);
    // Its owner may be on his way back, and has something better than a name to show.
    if (holder.resumable) return false;
    if (holder.connectionId && (await gateway.isOpen(holder.connectionId))) return false;
    const waiting = await sessionOn(holder.connectionId);
    if (holder.user && !isAnonymous(holder.user)) {
      return holder.registration || waiting ? false : replace(holder, claim);
    }
    // Without tokens there are but names: a registration's user, and the runtime whose session an address waits for.
    if (holder.registration && claim.registration) {
      if (holder.registration.user !== claim.registration.user) return false;
    } else if (waiting && waiting.runtime !== (runtime ?? (await sessionOn(session.connectionId))?.runtime)) {
      return false;
    }
    if (waiting) await sessions.lend(waiting.id, claim.url);
    return replace(holder, claim);
  }

  async function replace(holder: AddressEntry, claim: Claim): Promise<boolean> {
    return (await entries.claim(claim, holder)).taken;
  }

  const claimOf = (session: Session, binding: Binding): Claim => ({
    ...binding,
    connectionId: session.connectionId,
    opened: session.opened,
    user: session.user,
    expires: clock() + SESSION_LIFETIME,
  });

  return {
    async bind(session, binding, runtime) {
      const claim = claimOf(session, binding);
      const first = await entries.claim(claim);
      const before = first.taken ? first.before : first.holder;
      const taken = first.taken || (before && (await take(before, claim, session, runtime)));
      if (!taken) throw new Refusal(Code.forbidden, `${binding.url} belongs to another user`);
      owners.remember(session, binding.url);
      return before;
    },

    async takeBack(session, url) {
      const holder = (await entries.lookUp([url])).get(url);
      await entries.claim(claimOf(session, { url }), holder);
    },
  };
}

/** A token says that both are the same user's. */
function isVouchedOwn(holder: AddressEntry, { anonymous, user }: Session): boolean {
  return !anonymous && (holder.user === user || holder.registration?.user === user);
}
