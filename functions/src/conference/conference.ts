import {
  Code,
  type DomainAddresses,
  expectBody,
  type Message,
  ModerationBody,
  Refusal,
  RoomBody,
  response,
} from '@hyperroom/protocol';
import type { MediaNodes } from '../media/media-nodes.ts';
import { requireGrant, requireUnexpired } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { Metrics } from '../metrics.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Backlogs } from '../store/backlogs.ts';
import type { Rooms } from '../store/rooms.ts';
import type { Dispatch } from './failover.ts';
import { joining } from './joining.ts';
import { participantId, refusalOf, requireRoomOfDomain } from './participants.ts';
import { resuming } from './resuming.ts';
import { roomObject } from './room-state.ts';
import type { Settle } from './settle.ts';
import { updating } from './updating.ts';

export interface ConferenceDependencies extends Settle {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly dispatch: Dispatch;
  readonly entries: Addresses;
  readonly backlogs: Backlogs;
  readonly metrics: Metrics;
  /** Whether a media node is started when somebody waits for one. */
  readonly startsNodes: boolean;
  readonly newId: () => string;
  readonly clock: () => number;
}

/** The server conference hyperty: who is in which room, and how. */
export function conference(deps: ConferenceDependencies): Component {
  const { addresses, rooms, settle } = deps;
  const join = joining(deps);
  const update = updating(deps);
  const resume = resuming(deps);

  async function read(message: Message, turn: Turn): Promise<Message> {
    const { resource } = expectBody(RoomBody, message);
    requireRoomOfDomain(resource, addresses);
    requireGrant(turn.session, resource, {});
    const room = await rooms.read(resource);
    if (!room) throw new Refusal(Code.notFound, 'no such room');
    return response(message, Code.ok, { value: roomObject(room, addresses.conference) });
  }

  /** Of somebody who takes part, or waits. */
  async function leave(message: Message, { session }: Turn): Promise<Message> {
    const { resource } = expectBody(RoomBody, message);
    requireRoomOfDomain(resource, addresses);
    const id = participantId(message.from, addresses);
    const { connectionId, user } = session;
    const outcome = await settle(resource, { type: 'leave', id, connectionId, user });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    if (outcome.kind === 'unchanged') throw new Refusal(Code.forbidden, `${message.from} is not yours`);
    return response(message, Code.ok);
  }

  async function moderate(message: Message, { session }: Turn): Promise<Message> {
    const { resource, moderation } = expectBody(ModerationBody, message);
    requireRoomOfDomain(resource, addresses);
    requireUnexpired(session, deps.clock());
    const by = { id: participantId(message.from, addresses), connectionId: session.connectionId };
    const outcome = await settle(resource, { type: 'moderate', by, moderation });
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    return response(message, Code.ok);
  }

  return async (message, turn) => {
    switch (message.type) {
      case 'create':
        return join(message, turn);
      case 'update':
        return update(message, turn);
      case 're-open':
        return resume(message, turn);
      case 'execute':
        return moderate(message, turn);
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
