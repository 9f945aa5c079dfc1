import { Code, type Message, Refusal, refusal } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Ownership } from './ownership.ts';
import type { Component } from './turn.ts';

/** Hands a message, unchanged, to whoever owns its address. */
export function relay(addresses: Addresses, owners: Ownership, gateway: Gateway): Component {
  return async (message, { session }) => {
    const known = owners.owns(session, message.from);
    const entries = await addresses.lookUp(known ? [message.to] : [message.from, message.to]);
    const sender = entries.get(message.from);
    if (!known && sender && sender.connectionId !== session.connectionId) {
      throw new Refusal(Code.forbidden, `${message.from} is not yours`);
    }
    const owner = entries.get(message.to);
    if (owner && (await gateway.post(owner.connectionId, [message]))) return undefined;
    return isRequest(message) ? refusal(message, Code.notFound, `nobody is at ${message.to}`) : undefined;
  };
}

/** A response, or an update that happens to have no listener, is never answered. */
function isRequest(message: Message): boolean {
  return message.type !== 'response' && !(message.type === 'update' && message.to.endsWith('/changes'));
}
