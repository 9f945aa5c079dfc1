import {
  Code,
  type DomainAddresses,
  expectBody,
  type Message,
  Refusal,
  response,
  SESSION_LIFETIME,
  SubscriptionBody,
} from '@hyperroom/protocol';
import { roomOf } from '../conference/observers.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Rooms } from '../store/rooms.ts';
import type { SessionRecord, Sessions } from '../store/sessions.ts';
import type { Topics } from '../store/topics.ts';
import { type Binder, isTopic } from './binding.ts';
import type { Ownership } from './ownership.ts';
import { requireGrant, type Session } from './session.ts';
import type { Component } from './turn.ts';

export interface SubscriptionManagerDependencies {
  readonly addresses: DomainAddresses;
  readonly entries: Addresses;
  readonly sessions: Sessions;
  readonly topics: Topics;
  readonly rooms: Pick<Rooms, 'read'>;
  readonly binder: Binder;
  readonly owners: Ownership;
  readonly clock: () => number;
}

/** `…/sm`: routes addresses to a session. Runtimes that mint their own addresses bind them here. */
export function subscriptionManager(deps: SubscriptionManagerDependencies): Component {
  const { addresses, entries, sessions, topics, rooms, binder, owners } = deps;

  async function subscribe(message: Message, session: Session): Promise<Message> {
    const { resources } = expectBody(SubscriptionBody, message);
    for (const room of resources.map((url) => roomOf(addresses, url))) if (room) requireGrant(session, room, {});
    const owned = resources.filter((url) => !isTopic(url));
    await Promise.all(owned.map(refuseRoom));
    // First what may be refused: a refusal then leaves no half of the list behind.
    await Promise.all(owned.map((url) => binder.bind(session, { url })));
    const wanted = resources.filter(isTopic);
    if (wanted.length > 0) {
      // Noted before it is done: a connection that ends in between takes all of it along.
      await sessions.note(await recordOf(session), 'ADD', wanted);
      await Promise.all(wanted.map((topic) => topics.subscribe(topic, session.connectionId)));
    }
    return response(message, Code.ok);
  }

  /** A room that is there speaks through the conference alone. */
  async function refuseRoom(url: string): Promise<void> {
    const room = roomOf(addresses, url);
    if (room && (await rooms.read(room))) {
      throw new Refusal(Code.forbidden, `${room} is reported by ${addresses.conference} alone`);
    }
  }

  async function unsubscribe(message: Message, session: Session): Promise<Message> {
    const { resources } = expectBody(SubscriptionBody, message);
    const ended = resources.filter(isTopic);
    await Promise.all([
      ...ended.map((topic) => topics.unsubscribe(topic, session.connectionId)),
      ...resources.filter((url) => !isTopic(url)).map((url) => free(url, session)),
    ]);
    if (ended.length > 0) await sessions.note(await recordOf(session), 'DELETE', ended);
    return response(message, Code.ok);
  }

  async function free(url: string, session: Session): Promise<void> {
    await entries.release(url, session.connectionId);
    owners.forget(session, url);
  }

  /** The runtime's session, or, for a connection that has none, a record of its own. */
  async function recordOf({ connectionId, user }: Session): Promise<Omit<SessionRecord, 'topics' | 'lent'>> {
    const records = await sessions.ofConnection(connectionId);
    const opened = records.find((record) => record.runtime !== undefined);
    const expires = deps.clock() + SESSION_LIFETIME;
    return { id: connectionId, connectionId, user, runtime: undefined, ...opened, expires };
  }

  return async (message, { session }) => {
    if (message.type === 'subscribe') return subscribe(message, session);
    if (message.type === 'unsubscribe') return unsubscribe(message, session);
    if (message.type === 'response') return undefined;
    throw new Refusal(Code.badRequest, `the subscription manager does not know '${message.type}'`);
  };
}
