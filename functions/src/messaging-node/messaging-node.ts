import { Code, type DomainAddresses, type Message, parseFrame, Refusal, refusal } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import { log } from '../log.ts';
import { refuseReserved } from './ownership.ts';
import type { Session } from './session.ts';
import type { Component, Turn } from './turn.ts';

export interface Components {
  readonly session: Component;
  readonly allocation: Component;
  readonly subscriptions: Component;
  readonly registry: Component;
  readonly conference: Component;
  /** What is sent to a room, or to another object that has its scheme. */
  readonly rooms: Component;
  readonly media: Component;
  readonly relay: Component;
}

/** Takes a frame, lets the components handle its messages in order, and answers the sender in one frame. */
export function messagingNode(addresses: DomainAddresses, components: Components, gateway: Gateway) {
  function componentFor(to: string): Component {
    const address = to.endsWith('/') ? to.slice(0, -1) : to;
    if (address === addresses.session) return components.session;
    if (addresses.allocation.includes(address)) return components.allocation;
    if (address === addresses.subscriptions) return components.subscriptions;
    if (address === addresses.registry) return components.registry;
    if (address === addresses.media) return components.media;
    if (address === addresses.conference) return components.conference;
    if (address.startsWith(addresses.room(''))) return components.rooms;
    return components.relay;
  }

  async function handle(message: Message, turn: Turn): Promise<Message | undefined> {
    try {
      refuseReserved(message.from, addresses);
      return await componentFor(message.to)(message, turn);
    } catch (error) {
      if (error instanceof Refusal) return refusal(message, error.code, error.message, error.details);
      log('error', { at: 'message', id: message.id, to: message.to, error: text(error) });
      return refusal(message, Code.internal, 'internal error: try again');
    }
  }

  return async function receive(frame: string, session: Session): Promise<void> {
    const parsed = parseFrame(frame);
    const turn: Turn = {
      session,
      messages: parsed.flatMap((element) => (element.ok ? [element.message] : [])),
      registered: new Set(),
      replies: [],
    };
    for (const element of parsed) {
      const reply = element.ok ? await handle(element.message, turn) : element.error;
      if (reply) turn.replies.push(reply);
    }
    if (turn.replies.length > 0) await gateway.post(session.connectionId, turn.replies);
  };
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
