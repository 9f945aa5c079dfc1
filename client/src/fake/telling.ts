import type { Member, RoomState } from '@hyperroom/functions/src/conference/room-state.ts';
import type { RoomEvent } from '@hyperroom/functions/src/conference/rules/events.ts';
import type { Changed, Notice } from '@hyperroom/functions/src/conference/rules/outcome.ts';
import {
  type ConnectionAnswer,
  changesOf,
  type DomainAddresses,
  type Message,
  subscriptionOf,
} from '@hyperroom/protocol';

/** Posts to a connection; false: it is gone. */
export type Post = (connectionId: string, messages: readonly Message[]) => boolean;

/** What the conference says without being asked. */
export class Telling {
  readonly #conference: string;
  readonly #post: Post;

  constructor({ conference }: DomainAddresses, post: Post) {
    this.#conference = conference;
    this.#post = post;
  }

  publish(outcome: Changed, event: RoomEvent): void {
    for (const notice of outcome.notices) this.#notify(outcome, notice);
    this.changes(outcome, event.type === 'join' || event.type === 'resume' ? event.id : undefined);
  }

  /** Everybody with a socket hears of each change, but for who came, or came back: its answer carries the room. */
  changes({ room, updates, destroyed }: Changed, comer?: string): void {
    const { url, lastModified } = room;
    const to = changesOf(url);
    const messages = updates.map((update) =>
      message('update', url, to, { ...update, source: this.#conference, lastModified }),
    );
    const members = Object.entries(room.members).filter(([id, { status }]) => status === 'live' && id !== comer);
    if (messages.length > 0) for (const [, { connectionId }] of members) this.#post(connectionId, messages);
    const all = destroyed ? [...messages, message('delete', subscriptionOf(url), to, {})] : messages;
    for (const connectionId of room.observers) for (const each of all) this.#post(connectionId, [each]);
  }

  /** What has become of a member's connections. */
  connections({ url, version }: RoomState, member: Member, connections: readonly ConnectionAnswer[]): void {
    const body = { resource: url, version, connections };
    this.#post(member.connectionId, [message('update', this.#conference, member.hypertyURL, body)]);
  }

  #notify({ room }: Changed, { hypertyURL, connectionId, said, description }: Notice): void {
    const body = said === 'admitted' ? { admitted: true } : { reason: said, ...(description && { description }) };
    const type = said === 'admitted' ? 'update' : 'delete';
    this.#post(connectionId, [message(type, this.#conference, hypertyURL, { resource: room.url, ...body })]);
  }
}

function message(type: string, from: string, to: string, body: Record<string, unknown>): Message {
  return { id: crypto.randomUUID(), type, from, to, body };
}
