import { Code, type DataMessage, expectBody, ResumeBody, response } from '@hyperroom/protocol';
import { requireGrant } from '../messaging-node/session.ts';
import type { Component } from '../messaging-node/turn.ts';
import type { ConferenceDependencies } from './conference.ts';
import { noteRoom, participantId, refusalOf, requireRoomOfDomain } from './participants.ts';
import { roomObject, stayOf } from './room-state.ts';
import { type Changed, entryOf, type Unchanged } from './rules/outcome.ts';

/** `re-open`: whoever owns a participant's address goes on with its stay, on the connection that it asks on. */
export function resuming({ addresses, entries, backlogs, settle }: ConferenceDependencies): Component {
  /** What was kept for it stays until it asks again on the same connection: only then it is sure to have got the first answer. */
  async function missedBy(id: string, { kind, room }: Changed | Unchanged): Promise<DataMessage[]> {
    const member = entryOf(room.members, id);
    if (!member?.resumed) return [];
    const stay = stayOf(room, id, member.admitted);
    const { messages, revision } = await backlogs.read(stay);
    if (kind === 'unchanged' && messages.length > 0) await backlogs.remove(stay, revision);
    return messages;
  }

  return async (message, turn) => {
    const { resource } = expectBody(ResumeBody, message);
    const { session } = turn;
    const id = participantId(message.from, addresses);
    requireRoomOfDomain(resource, addresses);
    requireGrant(session, resource, {});
    await noteRoom(entries, message.from, resource, turn);
    const { connectionId, user, opened } = session;
    const outcome = await settle(resource, { type: 'resume', id, connectionId, user, opened });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    const messages = await missedBy(id, outcome);
    return response(message, Code.ok, { value: roomObject(outcome.room, addresses.conference), messages });
  };
}
