import { Code, expectBody, ResumeBody, response } from '@hyperroom/protocol';
import { requireGrant } from '../messaging-node/session.ts';
import type { Component } from '../messaging-node/turn.ts';
import type { ConferenceDependencies } from './conference.ts';
import { noteRoom, participantId, refusalOf, requireRoomOfDomain } from './participants.ts';
import { roomObject } from './room-state.ts';

/** `re-open`: whoever owns a participant's address goes on with its stay, on the connection that it asks on. */
export function resuming({ addresses, entries, settle }: ConferenceDependencies): Component {
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
    return response(message, Code.ok, { value: roomObject(outcome.room, addresses.conference), messages: [] });
  };
}
