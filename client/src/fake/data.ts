import type { Member, RoomState } from '@hyperroom/functions/src/conference/room-state.ts';
import { entryOf } from '@hyperroom/functions/src/conference/rules/outcome.ts';
import { requireGrant, requireUnexpired, type Session } from '@hyperroom/functions/src/messaging-node/session.ts';
import {
  Code,
  childrenOf,
  DataBody,
  type DataMessage,
  expectBody,
  idOf,
  type Message,
  Refusal,
  response,
} from '@hyperroom/protocol';

/** Posts to a participant; false: its socket is gone. */
type Reach = (member: Member, messages: readonly Message[]) => boolean;

/** Chat and application data of all rooms. */
export class RoomData {
  readonly #reach: Reach;
  /** By the incarnation of the room: what is kept for those who join later. */
  readonly #histories = new Map<string, DataMessage[]>();
  /** By stay: what is kept for who has no socket at the moment. */
  readonly #missed = new Map<string, DataMessage[]>();

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** What a member asks of a room's children; undefined: something else. */
  answer(message: Message, session: Session, room: RoomState): Message | undefined {
    const sender = entryOf(room.members, idOf(message.from));
    if (sender?.connectionId !== session.connectionId || message.to !== childrenOf(room.url)) return undefined;
    if (message.type === 'create') return this.#create(message, session, room, sender);
    if (message.type !== 'read') return undefined;
    return response(message, Code.ok, { value: this.#histories.get(room.incarnation) ?? [] });
  }

  /** What was sent to a participant while it was away: told once. */
  missedBy(room: RoomState, id: string): DataMessage[] {
    const key = keyOf(room, id);
    const missed = this.#missed.get(key) ?? [];
    this.#missed.delete(key);
    return missed;
  }

  /** The room is over. */
  forget(incarnation: string): void {
    this.#histories.delete(incarnation);
    for (const key of this.#missed.keys()) if (key.startsWith(incarnation)) this.#missed.delete(key);
  }

  #create(message: Message, session: Session, room: RoomState, sender: Member): Message {
    const { resource, value } = expectBody(DataBody, message);
    requireUnexpired(session, Date.now());
    requireGrant(session, room.url, { data: true });
    const { hypertyURL, name } = sender;
    const { topic, data, to } = value;
    const unknown = to?.filter((id) => !entryOf(room.members, id)) ?? [];
    if (unknown.length > 0) throw new Refusal(Code.notFound, `not in this room: ${unknown.join(', ')}`);
    const id = idOf(hypertyURL);
    const sent: DataMessage = {
      id: `${id}.${resource}`,
      topic,
      data,
      sender: { id, hypertyURL, name },
      ...(to && { to }),
      sent: new Date().toISOString(),
    };
    this.#pass(room, sent);
    return response(message, Code.ok, { value: sent });
  }

  #pass(room: RoomState, message: DataMessage): void {
    const { sender, to, id } = message;
    const children = childrenOf(room.url);
    const push: Message = {
      id: `data-${id}`,
      type: 'create',
      from: children,
      to: children,
      body: { resource: id, value: message },
    };
    for (const [receiver, member] of Object.entries(room.members)) {
      if (receiver === sender?.id || (to && !to.includes(receiver))) continue;
      if (member.status === 'live' && this.#reach(member, [push])) continue;
      const key = keyOf(room, receiver);
      this.#missed.set(key, [...(this.#missed.get(key) ?? []), message]);
    }
    if (room.options.history === 0 || to) return;
    const kept = [...(this.#histories.get(room.incarnation) ?? []), message];
    this.#histories.set(room.incarnation, kept.slice(-room.options.history));
  }
}

/** Of a participant's stay. */
function keyOf(room: RoomState, id: string): string {
  return `${room.incarnation} ${id} ${entryOf(room.members, id)?.admitted}`;
}
