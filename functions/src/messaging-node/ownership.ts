import { Code, type DomainAddresses, Refusal } from '@hyperroom/protocol';
import type { Addresses } from '../store/addresses.ts';
import type { Session } from './session.ts';

/**
 * Who may speak as whom. A connection's addresses are remembered by the warm function: they are its own until it
 * releases them, so a remembered one needs no read.
 */
export interface Ownership {
  remember(session: Session, url: string): void;
  forget(session: Session, url: string): void;
  owns(session: Session, url: string): boolean;
}

const MAX_CONNECTIONS = 10_000;

export function ownership(): Ownership {
  const owned = new Map<string, Set<string>>();

  return {
    remember({ connectionId }, url) {
      const urls = owned.get(connectionId) ?? new Set();
      owned.delete(connectionId);
      owned.set(connectionId, urls.add(url));
      const [oldest] = owned.keys();
      if (owned.size > MAX_CONNECTIONS && oldest !== undefined) owned.delete(oldest);
    },
    forget({ connectionId }, url) {
      owned.get(connectionId)?.delete(url);
    },
    owns: ({ connectionId }, url) => owned.get(connectionId)?.has(url) ?? false,
  };
}

/** Nobody speaks as the domain, the messaging node or the conference but they themselves. */
export function refuseReserved(from: string, { conference }: DomainAddresses): void {
  if (/^(?:domain:\/\/|mn:)/i.test(from) || from === conference) {
    throw new Refusal(Code.forbidden, `nobody speaks as ${from} but itself`);
  }
}

/** The sender must have registered `from` on this very connection. */
export async function requireOwn(
  session: Session,
  from: string,
  owners: Ownership,
  addresses: Pick<Addresses, 'lookUp'>,
): Promise<void> {
  if (owners.owns(session, from)) return;
  const entry = (await addresses.lookUp([from])).get(from);
  if (entry?.connectionId !== session.connectionId) {
    throw new Refusal(Code.forbidden, entry ? `${from} is not yours` : `register ${from} first`);
  }
  owners.remember(session, from);
}
