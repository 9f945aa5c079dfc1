import { Code, expectBody, type Message, response, UpdateBody, type UpdateCommand } from '@hyperroom/protocol';
import { requireGrant, requireUnexpired, type Session } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { ConferenceDependencies } from './conference.ts';
import { codecsOf, publishingOf, sourcesPublishedBy } from './offers.ts';
import { participantId, refusalOf, requireRoomOfDomain, takeReplies } from './participants.ts';
import { type RoomState, rosterOf } from './room-state.ts';
import type { SelfChange } from './rules/events.ts';
import { isPublishing } from './rules/members.ts';

/** `update` by a participant: what the room is to know of it, and what the media node is to do. */
export function updating(deps: ConferenceDependencies): Component {
  const { addresses, rooms, publish, sync, dispatch } = deps;

  return async (message, turn) => {
    const body = expectBody(UpdateBody, message);
    requireRoomOfDomain(body.resource, addresses);
    const event = eventOf(participantId(message.from, addresses), body, turn.session);
    if (isPublishing(event.publishing)) {
      requireUnexpired(turn.session, deps.clock());
      requireGrant(turn.session, body.resource, { publish: sourcesPublishedBy(body.connections) });
    }
    const outcome = await rooms.commit(body.resource, event);
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    const { room } = outcome;
    const forNode = body.connections.length > 0 || body.candidates.length > 0 || body.subscriptions !== undefined;
    await Promise.all([
      outcome.kind === 'changed' && publish(outcome, event),
      forNode ? pass(room, event.id, body, message, turn) : outcome.kind === 'changed' && sync(outcome),
    ]);
    if (forNode) return undefined;
    return response(message, Code.ok, { resource: room.url, version: room.version, connections: [] });
  };

  async function pass(room: RoomState, participant: string, body: UpdateBody, message: Message, turn: Turn) {
    const { connections, candidates, subscriptions } = body;
    const reply = takeReplies(message, turn);
    const commandFor = (room: RoomState): UpdateCommand => ({
      command: 'update',
      roster: rosterOf(room),
      participant,
      connections,
      candidates,
      ...(subscriptions && { subscriptions }),
      reply,
    });
    await dispatch(room, commandFor).catch((refusal) => {
      turn.replies = reply.before;
      throw refusal;
    });
  }
}

function eventOf(id: string, body: UpdateBody, { connectionId }: Session): SelfChange {
  const codecs = codecsOf(body.connections);
  return {
    type: 'self',
    id,
    connectionId,
    publishing: publishingOf(body.connections),
    unpublish: body.unpublish,
    speaking: body.speaking === true,
    ...(body.muted && { muted: body.muted }),
    ...(body.metadata && { metadata: body.metadata }),
    ...(codecs && { codecs }),
  };
}
