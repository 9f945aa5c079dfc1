import {
  Code,
  expectBody,
  JoinBody,
  type JoinCommand,
  type Message,
  type Refusal,
  response,
} from '@hyperroom/protocol';
import { requireGrant, requireUnexpired, type Session } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import { spread } from '../overload.ts';
import type { ConferenceDependencies } from './conference.ts';
import { codecsOf, publishingOf, sourcesPublishedBy } from './offers.ts';
import { noteRoom, participantId, refusalOf, requireRoomOfDomain, takeReplies } from './participants.ts';
import { type RoomState, roomObject, rosterOf } from './room-state.ts';
import type { Join } from './rules/events.ts';
import { overfullRefused } from './rules/members.ts';
import { type Changed, entryOf, type Refused, type Unchanged } from './rules/outcome.ts';

/** Seconds, more or less, after which it is worth asking whether the node that is being started is there. */
const STARTING = 3;

/** `create`: accepts, refuses or lets wait, and has the media node answer. */
export function joining(deps: ConferenceDependencies): Component {
  const { addresses, rooms, nodes, entries, settle, publish, dispatch, metrics } = deps;

  return async (message, turn) => {
    const body = expectBody(JoinBody, message);
    const { session } = turn;
    const id = participantId(message.from, addresses);
    requireRoomOfDomain(body.resource, addresses);
    requireUnexpired(session, deps.clock());
    requireGrant(session, body.resource, { publish: sourcesPublishedBy(body.connections) });
    const [node] = await Promise.all([nodes.choose(), noteRoom(entries, message.from, body.resource, turn)]);
    const event = eventOf(message, body, session, id, node?.url ?? '');
    const outcome = await rooms.commit(body.resource, event);
    // Everything that can refuse a join has spoken before anything is created for it.
    if (outcome.kind === 'refused') {
      // The grant is missed where there is no room to join.
      const missed = body.create && outcome.code === Code.notFound;
      if (missed) requireGrant(session, body.resource, { create: true });
      throw outcome.code === Code.noMediaNode ? await unserved(outcome) : refusalOf(outcome);
    }
    if (node?.draining) metrics.record({ WaitingJoins: 1 });
    const admitted = entryOf(outcome.room.members, id) !== undefined;
    await Promise.all([
      // A repeated join is dispatched again, for its answer may have been lost; the others know already.
      admitted && pass(outcome, id, body, message, turn),
      outcome.kind === 'changed' && publish(outcome, event),
    ]);
    if (admitted && outcome.kind === 'changed') metrics.record({ Joins: 1 });
    return admitted ? undefined : response(message, Code.waiting, { waiting: true });
  };

  async function unserved(refused: Refused): Promise<Refusal> {
    metrics.record({ WaitingJoins: 1 });
    const starting = deps.startsNodes && !(await nodes.isAnyLive());
    return refusalOf({ ...refused, ...(starting && { details: { starting, retryAfter: spread(STARTING) } }) });
  }

  function eventOf(message: Message, body: JoinBody, session: Session, id: string, node: string): Join {
    const codecs = codecsOf(body.connections);
    return {
      type: 'join',
      id,
      member: {
        hypertyURL: message.from,
        user: session.user,
        name: session.name ?? body.identity.name,
        connectionId: session.connectionId,
        opened: session.opened,
        muted: body.muted,
        metadata: { ...body.metadata, ...session.metadata },
        subscribes: session.grants.subscribe,
        joined: new Date(deps.clock()).toISOString(),
        joinedBy: message.id,
      },
      publishing: publishingOf(body.connections),
      moderates: session.grants.moderate,
      ...(codecs && { codecs }),
      ...(body.create && session.grants.create && { options: body.create }),
      incarnation: deps.newId(),
      node,
    };
  }

  async function pass(
    { kind, room }: Changed | Unchanged,
    id: string,
    body: JoinBody,
    message: Message,
    turn: Turn,
  ): Promise<void> {
    const reply = takeReplies(message, turn);
    const withdraw = async (refusal: unknown) => {
      turn.replies = reply.before;
      // What repeats a join may have been answered the first time.
      if (kind === 'unchanged') throw refusal;
      const { connectionId, user } = turn.session;
      await settle(room.url, { type: 'leave', id, connectionId, user });
      throw refusal;
    };
    // The write that admits cannot measure what it writes to.
    const overfull = overfullRefused(room);
    if (overfull) return withdraw(refusalOf(overfull));
    const commandFor = (room: RoomState): JoinCommand => ({
      command: 'join',
      roster: rosterOf(room),
      participant: id,
      connections: body.connections,
      ...(body.subscriptions && { subscriptions: body.subscriptions }),
      room: roomObject(room, addresses.conference),
      reply,
    });
    // Whatever keeps the command from its node, nobody stays in a room that he was not answered for.
    await dispatch(room, commandFor).catch(withdraw);
  }
}
