import {
  Code,
  type DomainAddresses,
  type Message,
  Refusal,
  response,
  SCHEMAS,
  subscriptionOf,
} from '@hyperroom/protocol';
import type { Ownership } from '../messaging-node/ownership.ts';
import { requireGrant } from '../messaging-node/session.ts';
import type { Component, Turn } from '../messaging-node/turn.ts';
import type { Rooms } from '../store/rooms.ts';
import type { Data } from './data.ts';
import { roomOf } from './observers.ts';
import { type RoomState, roomObject } from './room-state.ts';

export interface RoomObjectDependencies {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly owners: Ownership;
  readonly data: Data;
  readonly relay: Component;
}

/**
 * A room as the data object that any authorised hyperty may read and observe. Other objects share its scheme:
 * what is sent to them goes to their reporters.
 */
export function roomObjects({ addresses, rooms, owners, data, relay }: RoomObjectDependencies): Component {
  function answer(message: Message, turn: Turn, room: RoomState): Message | undefined {
    if (message.type === 'response') return undefined;
    requireGrant(turn.session, room.url, {});
    const value = roomObject(room, addresses.conference);
    if (message.type === 'read' && message.to === room.url) return response(message, Code.ok, { value });
    if (message.to === subscriptionOf(room.url)) {
      // The changes reach whoever has asked the subscription manager for them.
      const snapshot = { schema: SCHEMAS.communication, owner: addresses.conference, value };
      if (message.type === 'subscribe') return response(message, Code.ok, snapshot);
      if (message.type === 'unsubscribe') return response(message, Code.ok);
    }
    throw new Refusal(Code.forbidden, `${room.url} is reported by ${addresses.conference} alone`);
  }

  return async (message, turn) => {
    const url = roomOf(addresses, message.to);
    // An object that its sender reports is none of ours, for nobody is given the address of a room that is there.
    const others = url && owners.owns(turn.session, url);
    const room = url && !others && (await rooms.read(url));
    if (!room) return relay(message, turn);
    if (!message.to.startsWith(`${url}/children/`)) return answer(message, turn, room);
    // What else is published among those in a room, by reTHINK's own means, is not the conference's to answer.
    return (await data.answer(message, turn, room)) ?? relay(message, turn);
  };
}
