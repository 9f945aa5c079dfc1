import { changesOf, type DomainAddresses, type Message } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Rooms } from '../store/rooms.ts';
import { type RoomState, rosterOf } from './room-state.ts';
import { audience, type Outcome, type RoomEvent, updateOf } from './rules.ts';

export interface SettleDependencies {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly gateway: Gateway;
  readonly newId: () => string;
}

export interface Settle {
  /** Commits an event and sees to what follows from it. */
  settle(url: string, event: RoomEvent): Promise<Outcome>;
  /** Tells the others in a room of a change that was committed. */
  publish(room: RoomState, event: RoomEvent): Promise<void>;
}

export function settling({ addresses, rooms, nodes, gateway, newId }: SettleDependencies): Settle {
  async function publish(room: RoomState, event: RoomEvent): Promise<void> {
    const update: Message = {
      id: newId(),
      type: 'update',
      from: room.url,
      to: changesOf(room.url),
      body: updateOf(room, event, addresses.conference),
    };
    const reached = await Promise.all(
      audience(room, event).map(async (member) => ({
        member,
        there: await gateway.post(member.connectionId, [update]),
      })),
    );
    for (const { member, there } of reached) {
      if (there) continue;
      // A post may be the first to find a socket gone: $disconnect is best effort.
      const id = Object.keys(room.members).find((key) => room.members[key] === member);
      if (id !== undefined) await settle(room.url, { type: 'vanish', id, connectionId: member.connectionId });
    }
  }

  async function settle(url: string, event: RoomEvent): Promise<Outcome> {
    const outcome = await rooms.commit(url, event);
    if (outcome.kind === 'changed') {
      const { room } = outcome;
      const rosterChanged = event.type !== 'media';
      await Promise.all([
        publish(room, event),
        rosterChanged && nodes.dispatch(room.node, { command: 'sync', roster: rosterOf(room) }),
      ]);
    }
    return outcome;
  }

  return { settle, publish };
}
