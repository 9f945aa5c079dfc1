import { Code, type DomainAddresses, type Message, parseFrame, Refusal, refusal } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import { inCourseOf, logError } from '../log.ts';
import { asRefusal, retryAfter } from '../overload.ts';
import type { Departures } from './departure.ts';
import type { Observer } from './observer.ts';
import { refuseReserved } from './ownership.ts';
import type { RateLimit } from './rate-limit.ts';
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
export function messagingNode(
  addresses: DomainAddresses,
  components: Components,
  gateway: Gateway,
  vanish: Departures['vanish'],
  limit: RateLimit,
  observe: Observer,
) {
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
      // A media node speaks for all who are on it.
      if (turn.session.role !== 'media-node') limit(turn.session.connectionId);
      refuseReserved(message.from, addresses);
      return await componentFor(message.to)(message, turn);
    } catch (error) {
      const refused = asRefusal(error);
      if (refused instanceof Refusal) return refusal(message, refused.code, refused.message, retryAfter(refused));
      logError(error);
      return refusal(message, Code.internal, 'internal error: try again');
    }
  }

  /** What is logged on the way says which message it is about. */
  function handleObserved(message: Message, turn: Turn): Promise<Message | undefined> {
    const { id, trace } = message;
    return inCourseOf({ message: id, ...(trace !== undefined && { trace }) }, async () => {
      const reply = await handle(message, turn);
      observe(message, turn, reply);
      return reply;
    });
  }

  return async function receive(frame: string, session: Session, received?: number): Promise<void> {
    const parsed = parseFrame(frame);
    const turn: Turn = {
      session,
      received,
      messages: parsed.flatMap((element) => (element.ok ? [element.message] : [])),
      registered: new Set(),
      replies: [],
    };
    for (const element of parsed) {
      const reply = element.ok ? await handleObserved(element.message, turn) : element.error;
      if (reply) turn.replies.push(reply);
    }
    if (turn.replies.length === 0 || (await gateway.post(session.connectionId, turn.replies))) return;
    // It may have ended before what this frame has made was there to be found.
    await vanish({ ...session, registered: turn.registered });
  };
}
