import { changesOf, type DomainAddresses, idOf, type Message, subscriptionOf } from '@hyperroom/protocol';
import type { Gateway } from '../gateway.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Rooms } from '../store/rooms.ts';
import { type Member, type RoomState, rosterOf } from './room-state.ts';
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
    const message = (type: string, from: string, body: Message['body']): Message => ({
      id: newId(),
      type,
      from,
      to: changesOf(room.url),
      body,
    });
    const update = message('update', room.url, updateOf(room, event, addresses.conference));
    const over = Object.keys(room.members).length === 0;
    const end = over ? [message('delete', subscriptionOf(room.url), {})] : [];
    const members = audience(room, event);
    const taking = new Set(members.map(({ connectionId }) => connectionId));
    const onlookers = room.observers.filter((connectionId) => !taking.has(connectionId));
    await Promise.all([
      ...members.map((member) => reach(room, member, update)),
      ...onlookers.map((connectionId) => show(room, connectionId, [update, ...end])),
    ]);
  }

  /** Message by message: whoever merely observes may not know of frames that hold several. */
  async function show(room: RoomState, connectionId: string, messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      if (!(await gateway.post(connectionId, [message]))) return void (await rooms.unobserve(room.url, connectionId));
    }
  }

  /** A post may be the first to find a socket gone: $disconnect is best effort. */
  async function reach(room: RoomState, member: Member, update: Message): Promise<void> {
    if (await gateway.post(member.connectionId, [update])) return;
    const id = idOf(member.hypertyURL);
    await settle(room.url, { type: 'vanish', id, connectionId: member.connectionId });
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
