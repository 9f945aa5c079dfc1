import {
  Code,
  type Connection,
  type DomainAddresses,
  expectBody,
  idOf,
  JoinBody,
  type MediaKind,
  type Message,
  OfferBody,
  Refusal,
  type ReplyTo,
  RoomBody,
  response,
} from '@hyperroom/protocol';
import type { MediaNodes } from '../media/media-nodes.ts';
import { type Ownership, requireOwn } from '../messaging-node/ownership.ts';
import { requireGrant } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Rooms } from '../store/rooms.ts';
import { type RoomState, roomObject, rosterOf } from './room-state.ts';
import type { Join } from './rules.ts';
import type { Settle } from './settle.ts';

export interface ConferenceDependencies extends Settle {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly entries: Addresses;
  readonly owners: Ownership;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** The server conference hyperty: accepts or refuses, and has the media node answer. */
export function conference(deps: ConferenceDependencies): Component {
  const { addresses, rooms, nodes, entries, owners, settle, publish } = deps;

  async function join(message: Message, turn: Turn): Promise<undefined> {
    const body = expectBody(JoinBody, message);
    const { session } = turn;
    const id = participantId(message.from);
    requireRoomOfDomain(body.resource);
    const resources = kindsPublished(body.connections);
    requireGrant(session, body.resource, { create: body.create !== undefined, publish: resources.length > 0 });
    const [node] = await Promise.all([nodes.choose(), noteRoom(message.from, body.resource, turn)]);
    const event: Join = {
      type: 'join',
      id,
      member: {
        hypertyURL: message.from,
        user: session.user,
        name: session.name ?? body.identity.name,
        resources,
        connectionId: session.connectionId,
        status: 'live',
        media: resources.length > 0 ? 'connecting' : 'none',
        joined: new Date(deps.clock()).toISOString(),
        joinedBy: message.id,
      },
      // Without a free node nobody can create a room, but one that exists may still be joined.
      ...(body.create && node && { options: body.create }),
      incarnation: deps.newId(),
      node: node?.url ?? '',
    };
    const outcome = await admit(body, event, node !== undefined);
    await Promise.all([
      // A repeated join is dispatched again, for its answer may have been lost; the others know already.
      dispatchJoin(outcome.room, event, body, message, turn),
      outcome.kind === 'changed' && publish(outcome.room, event),
    ]);
  }

  /** Everything that can refuse a join has spoken before anything is created for it. */
  async function admit(body: JoinBody, event: Join, nodeAvailable: boolean) {
    const outcome = await rooms.commit(body.resource, event);
    if (outcome.kind !== 'refused') return outcome;
    if (outcome.code === Code.notFound && body.create && !nodeAvailable) {
      throw new Refusal(Code.noMediaNode, 'no media node is available: try again later');
    }
    throw new Refusal(outcome.code, outcome.description);
  }

  async function dispatchJoin(room: RoomState, event: Join, body: JoinBody, message: Message, turn: Turn) {
    const reply = takeReplies(message, turn);
    const reached = await nodes.dispatch(room.node, {
      command: 'join',
      roster: rosterOf(room),
      participant: event.id,
      connections: body.connections,
      room: roomObject(room, addresses.conference),
      reply,
    });
    if (reached) return;
    turn.replies = reply.before;
    await settle(room.url, { type: 'leave', id: event.id, connectionId: turn.session.connectionId });
    throw new Refusal(Code.noMediaNode, 'the media node of this room is gone: try again later');
  }

  async function offer(message: Message, turn: Turn): Promise<undefined> {
    const body = expectBody(OfferBody, message);
    await requireOwn(turn.session, message.from, owners, entries);
    const room = await rooms.read(body.resource);
    const id = participantId(message.from);
    if (!room || room.members[id]?.connectionId !== turn.session.connectionId) {
      throw new Refusal(Code.notFound, 'not in this room');
    }
    const reply = takeReplies(message, turn);
    const { connections, candidates } = body;
    const roster = rosterOf(room);
    if (
      await nodes.dispatch(room.node, { command: 'offer', roster, participant: id, connections, candidates, reply })
    ) {
      return undefined;
    }
    turn.replies = reply.before;
    throw new Refusal(Code.noMediaNode, 'the media node of this room is gone: try again later');
  }

  async function read(message: Message, turn: Turn): Promise<Message> {
    const { resource } = expectBody(RoomBody, message);
    requireRoomOfDomain(resource);
    requireGrant(turn.session, resource, {});
    const room = await rooms.read(resource);
    if (!room) throw new Refusal(Code.notFound, 'no such room');
    return response(message, Code.ok, { value: roomObject(room, addresses.conference) });
  }

  async function leave(message: Message, turn: Turn): Promise<Message> {
    const { resource } = expectBody(RoomBody, message);
    const id = participantId(message.from);
    const outcome = await settle(resource, { type: 'leave', id, connectionId: turn.session.connectionId });
    if (outcome.kind === 'refused') throw new Refusal(outcome.code, outcome.description);
    if (outcome.kind === 'unchanged') throw new Refusal(Code.forbidden, `${message.from} is not yours`);
    return response(message, Code.ok);
  }

  /** `$disconnect` must find the rooms of a connection. A registration in the same frame has noted them already. */
  async function noteRoom(from: string, room: string, turn: Turn): Promise<void> {
    if (turn.registered.has(from)) return;
    if (!(await entries.noteRoom(from, turn.session.connectionId, room))) {
      throw new Refusal(Code.forbidden, `register ${from} first`);
    }
  }

  function requireRoomOfDomain(url: string): void {
    if (!url.startsWith(addresses.room(''))) throw new Refusal(Code.notFound, 'no such room in this domain');
  }

  function participantId(from: string): string {
    const id = idOf(from);
    // The id names an attribute of the room object, where a dot would part it.
    if (from !== addresses.hyperty(id) || !/^[\w-]{1,64}$/.test(id)) {
      throw new Refusal(Code.badRequest, `a participant is a hyperty: ${addresses.hyperty('<id>')}`);
    }
    return id;
  }

  return async (message, turn) => {
    switch (message.type) {
      case 'create':
        return join(message, turn);
      case 'update':
        return offer(message, turn);
      case 'read':
        return read(message, turn);
      case 'delete':
        return leave(message, turn);
      case 'response':
        return undefined;
      default:
        throw new Refusal(Code.badRequest, `the conference does not know '${message.type}'`);
    }
  };
}

/** The node answers this request; what the frame has answered so far travels along. */
function takeReplies(message: Message, turn: Turn): ReplyTo {
  const { id, from, to } = message;
  const before = turn.replies;
  turn.replies = [];
  return { connectionId: turn.session.connectionId, request: { id, from, to }, before };
}

function kindsPublished(connections: readonly Connection[]): MediaKind[] {
  const sdp = connections.find(({ data }) => data.direction === 'publish')?.data.connectionDescription.sdp ?? '';
  return (['audio', 'video'] as const).filter((kind) => new RegExp(`^m=${kind} (?!0 )`, 'm').test(sdp));
}
