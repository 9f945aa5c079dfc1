import { isDeepStrictEqual } from 'node:util';
import {
  changesOf,
  type DomainAddresses,
  idOf,
  type Message,
  type ObjectUpdate,
  type Roster,
  subscriptionOf,
} from '@hyperroom/protocol';
import type { EventSink } from '../events/event-bus.ts';
import type { Gateway } from '../gateway.ts';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Addresses } from '../store/addresses.ts';
import type { Histories } from '../store/histories.ts';
import type { Rooms } from '../store/rooms.ts';
import { lifecycleOf } from './lifecycle.ts';
import { emptyRoster, type Member, type RoomState, rosterOf, type StayKey, stayOf } from './room-state.ts';
import type { RoomEvent } from './rules/events.ts';
import { type Changed, entryOf, type Notice, type Outcome } from './rules/outcome.ts';

export interface SettleDependencies {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly histories: Histories;
  readonly entries: Pick<Addresses, 'lookUp'>;
  readonly gateway: Gateway;
  /** Clears up after a connection that was found gone. */
  readonly vanish: (connectionId: string) => Promise<void>;
  /** Clears up after a stay of somebody who had been gone. */
  readonly stayOver: (stay: StayKey) => Promise<void>;
  readonly sink: EventSink | undefined;
  readonly newId: () => string;
}

export interface Settle {
  /** Commits an event and sees to all that follows from it. */
  settle(url: string, event: RoomEvent): Promise<Outcome>;
  /** Tells everybody but the media node of a change that was committed. */
  publish(outcome: Changed, event: RoomEvent): Promise<void>;
  /** Tells the media node, if the change concerns it. */
  sync(outcome: Changed): Promise<void>;
  /** Posts to a member. False: its socket turned out to be gone, which is seen to. */
  reach(room: RoomState, member: Member, messages: readonly Message[]): Promise<boolean>;
}

export function settling(deps: SettleDependencies): Settle {
  const { addresses, rooms, nodes, histories, entries, gateway, sink, newId } = deps;

  async function publish(outcome: Changed, event: RoomEvent): Promise<void> {
    const { before, room, destroyed } = outcome;
    await Promise.all([
      ...outcome.notices.map((told) => notify(outcome, told)),
      show(outcome, event),
      destroyed && room.options.history > 0 && histories.remove(room),
      ...staysOver(outcome).map(deps.stayOver),
      sink?.publish(lifecycleOf(before, outcome, event)),
    ]);
  }

  /** Everybody with a socket hears of each change, but for who came, or came back: its answer carries the room. */
  async function show(outcome: Changed, event: RoomEvent): Promise<void> {
    const { room, updates, destroyed } = outcome;
    const messages = updates.map((update) => toObservers('update', room.url, room.url, observed(room, update)));
    const comer = event.type === 'join' || event.type === 'resume' ? event.id : undefined;
    const members = Object.entries(room.members)
      .filter(([id, { status }]) => status === 'live' && id !== comer)
      .map(([, member]) => member);
    const taking = new Set(Object.values(room.members).map(({ connectionId }) => connectionId));
    const onlookers = room.observers.filter((connectionId) => !taking.has(connectionId));
    const all = destroyed ? [...messages, endOf(room)] : messages;
    await Promise.all([
      ...(messages.length > 0 ? members.map((member) => reach(room, member, messages)) : []),
      takenForGone(outcome, event, messages),
      ...onlookers.map((connectionId) => showOnlooker(room, connectionId, all)),
    ]);
  }

  function toObservers(type: string, room: string, from: string, body: object): Message {
    return { id: newId(), type, from, to: changesOf(room), body: { ...body } };
  }

  function observed({ lastModified }: RoomState, update: Changed['updates'][number]): ObjectUpdate {
    return { ...update, source: addresses.conference, lastModified };
  }

  const endOf = ({ url }: RoomState) => toObservers('delete', url, subscriptionOf(url), {});

  /** Message by message: whoever merely observes may not know of frames that hold several. */
  async function showOnlooker(room: RoomState, connectionId: string, messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      if (!(await gateway.post(connectionId, [message]))) return void (await rooms.unobserve(room.url, connectionId));
    }
  }

  /** Whoever is told is in the room no longer, or not yet: if its socket is gone, nobody need know. */
  async function notify({ room, before }: Changed, { hypertyURL, connectionId, said, description }: Notice) {
    const body = said === 'admitted' ? { admitted: true } : { reason: said, ...(description && { description }) };
    const message: Message = {
      id: newId(),
      type: said === 'admitted' ? 'update' : 'delete',
      from: addresses.conference,
      to: hypertyURL,
      body: { resource: room.url, ...body },
    };
    const wasMember = before && entryOf(before.members, idOf(hypertyURL)) !== undefined;
    await gateway.post(connectionId, said === 'ended' && wasMember ? [message, endOf(room)] : [message]);
  }

  /** A post may be the first to find a socket gone: $disconnect is best effort. */
  async function reach(room: RoomState, { connectionId, hypertyURL }: Member, messages: readonly Message[]) {
    if (await gateway.post(connectionId, messages)) return true;
    const outcome = await settle(room.url, { type: 'vanish', id: idOf(hypertyURL), connectionId });
    // Many may find it at once; whoever made it known clears up.
    if (outcome.kind === 'changed') await deps.vanish(connectionId);
    return false;
  }

  /** Who was taken for gone hears of it, wherever its address is now: if it lives after all, it can say so. */
  async function takenForGone({ before }: Changed, event: RoomEvent, messages: readonly Message[]): Promise<void> {
    const taken = event.type === 'vanish' || (event.type === 'leave' && event.stay !== undefined);
    const member = taken && before && entryOf(before.members, event.id);
    if (!member) return;
    const { hypertyURL } = member;
    const connectionId = (await entries.lookUp([hypertyURL])).get(hypertyURL)?.connectionId;
    if (connectionId) await gateway.post(connectionId, messages);
  }

  async function sync({ before, room, destroyed }: Changed): Promise<void> {
    const roster = destroyed ? emptyRoster(room) : rosterOf(room);
    const concerns = destroyed || !before || !isSame(rosterOf(before), roster);
    if (concerns) await nodes.dispatch(room.node, { command: 'sync', roster });
  }

  async function settle(url: string, event: RoomEvent): Promise<Outcome> {
    const outcome = await rooms.commit(url, event);
    if (outcome.kind === 'changed') await Promise.all([publish(outcome, event), sync(outcome)]);
    return outcome;
  }

  return { settle, publish, sync, reach };
}

/** The stays that have ended with something left to clear up: their participants were gone once, or are. */
function staysOver({ before, room }: Changed): StayKey[] {
  return Object.entries(before?.members ?? {}).flatMap(([id, { admitted, status, resumed }]) => {
    const over = entryOf(room.members, id)?.admitted !== admitted;
    return over && (status === 'disconnected' || resumed) ? [stayOf(room, id, admitted)] : [];
  });
}

/** Whether two rosters of a room ask the same of its media node. */
function isSame({ version: _, ...one }: Roster, { version: __, ...other }: Roster): boolean {
  return isDeepStrictEqual(one, other);
}
