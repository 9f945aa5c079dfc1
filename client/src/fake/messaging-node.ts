import { roomObject } from '@hyperroom/functions/src/conference/room-state.ts';
import type { Session } from '@hyperroom/functions/src/messaging-node/session.ts';
import { requireGrant } from '@hyperroom/functions/src/messaging-node/session.ts';
import {
  Code,
  type DomainAddresses,
  expectBody,
  type Message,
  parseFrame,
  Refusal,
  refusal,
  response,
  SubscriptionBody,
  subscriptionOf,
} from '@hyperroom/protocol';
import type { Conference } from './conference.ts';
import type { Line } from './socket.ts';

/** Whose an address is. */
interface Owner {
  readonly connectionId: string;
  readonly resumption: unknown;
}

interface Connected {
  readonly session: Session;
  readonly line: Line;
}

export interface MessagingNodeOptions {
  readonly addresses: DomainAddresses;
  readonly conference: Conference;
  /** Throws a refusal for what is to be refused; true: the message is lost. */
  readonly tamper: (message: Message) => boolean;
}

/** Takes frames, and hands messages to the component or the hyperty that they are for. */
export class MessagingNode {
  readonly #options: MessagingNodeOptions;
  readonly #connected = new Map<string, Connected>();
  readonly #owners = new Map<string, Owner>();
  readonly #topics = new Map<string, Set<string>>();

  constructor(options: MessagingNodeOptions) {
    this.#options = options;
  }

  connect(session: Session, line: Line): void {
    this.#connected.set(session.connectionId, { session, line });
  }

  disconnect({ connectionId }: Session): void {
    if (!this.#connected.delete(connectionId)) return;
    for (const subscribers of this.#topics.values()) subscribers.delete(connectionId);
    for (const [url, owner] of this.#owners) {
      if (owner.connectionId === connectionId && owner.resumption === undefined) this.#owners.delete(url);
    }
    this.#options.conference.vanish(connectionId);
  }

  /** Posts to a connection; false: it is gone. */
  post(connectionId: string, messages: readonly Message[]): boolean {
    const line = this.#connected.get(connectionId)?.line;
    line?.deliver(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    return line !== undefined;
  }

  receive(frame: string, session: Session): void {
    const replies = parseFrame(frame).flatMap((element) =>
      element.ok ? (this.#handle(element.message, session) ?? []) : [element.error],
    );
    if (replies.length > 0) this.post(session.connectionId, replies);
  }

  #handle(message: Message, session: Session): Message | undefined {
    try {
      return this.#options.tamper(message) ? undefined : this.#dispatch(message, session);
    } catch (error) {
      if (error instanceof Refusal) return refusal(message, error.code, error.message, error.details);
      throw error;
    }
  }

  #dispatch(message: Message, session: Session): Message | undefined {
    const { addresses, conference } = this.#options;
    const { to } = message;
    if (to === addresses.registry) return this.#register(message, session);
    if (to === addresses.subscriptions) return this.#route(message, session);
    if (to === addresses.conference) return conference.handle(message, session);
    const room = conference.room(this.#roomIn(to));
    return (room && this.#roomObject(message, session, room)) ?? this.#relay(message);
  }

  #register(message: Message, session: Session): Message {
    const { value, resource } = message.body ?? {};
    const { connectionId } = session;
    if (message.type === 'create') {
      const { url, resumption } = Object(value);
      const owner = this.#owners.get(String(url));
      const isFree = !owner || owner.connectionId === connectionId || owner.resumption === resumption;
      if (!isFree) throw new Refusal(Code.forbidden, `${url} is not yours`);
      this.#owners.set(String(url), { connectionId, resumption });
    } else if (message.type === 'update') {
      const owner = this.#owners.get(String(resource));
      if (owner?.connectionId !== connectionId) throw new Refusal(Code.notFound, `${resource} is not registered`);
      if (value !== undefined) this.#owners.delete(String(resource));
    } else throw new Refusal(Code.notFound, 'the registry of tests finds nobody');
    return response(message, Code.ok);
  }

  /** `…/sm`: what is to be routed to a connection. */
  #route(message: Message, session: Session): Message {
    const { resources } = expectBody(SubscriptionBody, message);
    const { connectionId } = session;
    for (const url of resources) {
      const begins = message.type === 'subscribe';
      if (isTopic(url)) {
        const subscribers = this.#topics.get(url) ?? new Set();
        if (begins) subscribers.add(connectionId);
        else subscribers.delete(connectionId);
        this.#topics.set(url, subscribers);
        if (url.endsWith('/changes')) this.#options.conference.observe(this.#roomIn(url), connectionId, begins);
      } else if (begins) this.#owners.set(url, { connectionId, resumption: undefined });
      else this.#owners.delete(url);
    }
    return response(message, Code.ok);
  }

  /** What is asked of a room as a data object; undefined: something that is not the room's to answer. */
  #roomObject(message: Message, session: Session, room: NonNullable<ReturnType<Conference['room']>>) {
    const { addresses, conference } = this.#options;
    if (message.to.startsWith(`${room.url}/children/`)) return conference.children(message, session, room);
    requireGrant(session, room.url, {});
    const value = roomObject(room, addresses.conference);
    if (message.type === 'read' && message.to === room.url) return response(message, Code.ok, { value });
    if (message.to !== subscriptionOf(room.url)) return undefined;
    return response(message, Code.ok, { owner: addresses.conference, schema: value.schema, value });
  }

  /** To whoever owns the address, or else to all who have subscribed to it. */
  #relay(message: Message): Message | undefined {
    const owner = this.#owners.get(message.to);
    const receivers = owner ? [owner.connectionId] : [...(this.#topics.get(message.to) ?? [])];
    const reached = receivers.filter((connectionId) => this.post(connectionId, [message]));
    const isUnanswered = message.type === 'response' || message.to.endsWith('/changes');
    if (reached.length > 0 || isUnanswered) return undefined;
    return refusal(message, Code.notFound, `nobody is at ${message.to}`);
  }

  /** The room that an address belongs to. */
  #roomIn(address: string): string {
    return address.split('/').slice(0, 4).join('/');
  }
}

const isTopic = (url: string) => /\/(?:changes|children\/?)$/.test(url);
