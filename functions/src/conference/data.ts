import {
  Code,
  childrenOf,
  DataBody,
  type DataMessage,
  type DomainAddresses,
  expectBody,
  idOf,
  type Message,
  Refusal,
  response,
} from '@hyperroom/protocol';
import { requireGrant, requireUnexpired, type Session } from '../messaging-node/session.ts';
import type { Turn } from '../messaging-node/turn.ts';
import type { Backlogs } from '../store/backlogs.ts';
import type { Histories } from '../store/histories.ts';
import type { Rooms } from '../store/rooms.ts';
import { type Member, memberOf, type RoomState, stayOf } from './room-state.ts';
import { entryOf } from './rules/outcome.ts';
import type { Settle } from './settle.ts';

export interface DataDependencies {
  readonly addresses: DomainAddresses;
  readonly rooms: Pick<Rooms, 'read'>;
  readonly histories: Histories;
  readonly backlogs: Backlogs;
  readonly reach: Settle['reach'];
  readonly newId: () => string;
  readonly clock: () => number;
}

/** What is to be sent, before the conference has taken it. */
export type DataDraft = Omit<DataMessage, 'sent'>;

export interface Data {
  /** Passes a message to those it is for, and keeps it if the room has a history. */
  send(room: RoomState, draft: DataDraft): Promise<DataMessage>;
  /** What a member asks of a room's children; undefined: something that is not ours to answer. */
  answer(message: Message, turn: Turn, room: RoomState): Promise<Message | undefined>;
}

/** Chat and application data: children of the room object. */
export function dataChannel({ addresses, rooms, histories, backlogs, reach, newId, clock }: DataDependencies): Data {
  async function send(room: RoomState, draft: DataDraft): Promise<DataMessage> {
    requireMembers(room, draft.to);
    const message: DataMessage = { ...draft, sent: new Date(clock()).toISOString() };
    const children = childrenOf(room.url);
    const body = { resource: message.id, value: message };
    const push: Message = { id: newId(), type: 'create', from: children, to: children, body };
    await Promise.all([
      ...receiversOf(room, message).map((member) => hand(room, member, message, push)),
      room.options.history > 0 && !message.to && histories.append(room, message),
    ]);
    return message;
  }

  /** Who has no socket at the moment gets it when he comes back. */
  async function hand(room: RoomState, member: Member, message: DataMessage, push: Message): Promise<void> {
    if (member.status === 'live' && (await reach(room, member, [push]))) return;
    const stay = stayOf(room, idOf(member.hypertyURL), member.admitted);
    await backlogs.append(stay, message);
    // He may have come back, or gone for good, before it was there to be found.
    const now = await rooms.read(room.url);
    const present = memberOf(now, stay);
    if (now && present?.status === 'live') await reach(now, present, [push]);
    if (!present) await backlogs.remove(stay);
  }

  async function create(message: Message, { session }: Turn, room: RoomState, sender: Member): Promise<Message> {
    const { resource, value } = expectBody(DataBody, message);
    requireUnexpired(session, clock());
    requireGrant(session, room.url, { data: true });
    const { hypertyURL, name } = sender;
    const id = idOf(hypertyURL);
    const { topic, data, to } = value;
    const draft = { id: `${id}.${resource}`, topic, data, sender: { id, hypertyURL, name }, ...(to && { to }) };
    return response(message, Code.ok, { value: await send(room, draft) });
  }

  return {
    send,
    async answer(message, turn, room) {
      const sender = memberSpeaking(message, turn.session, room);
      if (!sender || message.to !== childrenOf(room.url)) return undefined;
      if (message.type === 'create' && isData(message)) return create(message, turn, room, sender);
      if (message.type !== 'read') return undefined;
      const value = room.options.history > 0 ? await histories.read(room) : [];
      return response(message, Code.ok, { value });
    },
  };

  function memberSpeaking({ from }: Message, { connectionId }: Session, room: RoomState): Member | undefined {
    const id = idOf(from);
    const member = from === addresses.hyperty(id) ? entryOf(room.members, id) : undefined;
    return member?.connectionId === connectionId ? member : undefined;
  }
}

/** reTHINK's own children have no topic. */
function isData({ body }: Message): boolean {
  const value = body?.value;
  return typeof value === 'object' && value !== null && 'topic' in value;
}

function requireMembers(room: RoomState, ids: readonly string[] = []): void {
  const unknown = ids.filter((id) => !entryOf(room.members, id));
  if (unknown.length > 0) throw new Refusal(Code.notFound, `not in this room: ${unknown.join(', ')}`);
}

function receiversOf(room: RoomState, { sender, to }: DataMessage): Member[] {
  return Object.entries(room.members)
    .filter(([id]) => id !== sender?.id && (!to || to.includes(id)))
    .map(([, member]) => member);
}
