import { Code, type DomainAddresses, isKnownType, type Message, Refusal, refusal } from '@hyperroom/protocol';
import { type Gateway, lenient } from '../gateway.ts';
import type { Addresses } from '../store/addresses.ts';
import type { AddressEntry } from '../store/entries.ts';
import type { Topics } from '../store/topics.ts';
import type { Ownership } from './ownership.ts';
import type { Session } from './session.ts';
import type { Component } from './turn.ts';

export interface RelayDependencies {
  readonly addresses: DomainAddresses;
  readonly entries: Addresses;
  readonly topics: Topics;
  readonly owners: Ownership;
  readonly gateway: Gateway;
  /** Clears up after a connection that was found gone. */
  readonly vanish: (connectionId: string) => Promise<void>;
  readonly clock: () => number;
}

/** Hands a message, unchanged, to whoever owns its address, or else to all who have subscribed to it. */
export function relay({ addresses, entries, topics, owners, gateway, vanish, clock }: RelayDependencies): Component {
  /** False: all who had subscribed are gone. */
  async function publish(message: Message, subscribers: readonly string[]): Promise<boolean> {
    const { post } = lenient(gateway);
    const reached = await Promise.all(
      subscribers.map(async (connectionId) => ({ connectionId, there: await post(connectionId, [message]) })),
    );
    const gone = reached.filter(({ there }) => !there);
    await Promise.all(gone.map(({ connectionId }) => topics.unsubscribe(message.to, connectionId)));
    return gone.length < reached.length;
  }

  /** An address that nobody owns may speak; but an object of the rooms' scheme might be taken for a room. */
  function checkSender(from: string, sender: AddressEntry | undefined, session: Session): void {
    if (sender?.connectionId === session.connectionId) {
      owners.remember(session, from);
      return;
    }
    const owned = sender?.user !== undefined && sender.expires > clock();
    if (owned || from.startsWith(addresses.room(''))) throw new Refusal(Code.forbidden, `${from} is not yours`);
  }

  return async (message, { session }) => {
    const known = owners.owns(session, message.from);
    const found = await entries.lookUp(known ? [message.to] : [message.from, message.to]);
    if (!known) checkSender(message.from, found.get(message.from), session);
    const target = found.get(message.to);
    if (target?.connectionId && target.expires > clock()) {
      if (await gateway.post(target.connectionId, [message])) return undefined;
      // $disconnect is best effort; where it was heard, the registration says so already.
      if (target.registration?.status === 'live') await vanish(target.connectionId);
    } else if (target?.subscribers.length) {
      if (await publish(message, target.subscribers)) return undefined;
    }
    return unheard(message);
  };
}

/** A response, or an update that happens to have no listener, is never answered. */
function unheard(message: Message): Message | undefined {
  if (message.type === 'response' || (message.type === 'update' && message.to.endsWith('/changes'))) return undefined;
  if (!isKnownType(message.type)) return refusal(message, Code.badRequest, `unknown message type '${message.type}'`);
  return refusal(message, Code.notFound, `nobody is at ${message.to}`);
}
