import {
  type DomainAddresses,
  HEARTBEAT_LATE,
  type InventoryReport,
  type SyncCommand,
  sliceOf,
} from '@hyperroom/protocol';
import { endOf, publicationsOf, type RoomState, syncOf } from '../conference/room-state.ts';
import { inTurns } from '../in-turns.ts';
import type { Rooms } from '../store/rooms.ts';
import type { MediaNodes } from './media-nodes.ts';
import type { Recovery } from './recovery.ts';

type Held = InventoryReport['rooms'][number];

export interface Difference {
  /** What the node is to be told. */
  readonly sync: readonly SyncCommand[];
  /** What it has had, and has no more. */
  readonly restart: readonly RoomState[];
}

export interface InventoryDependencies {
  readonly addresses: DomainAddresses;
  readonly nodes: MediaNodes;
  readonly rooms: Rooms;
  readonly recovery: Recovery;
  readonly clock: () => number;
}

/** Holds what a media node has against what it should have, and mends the difference. */
export function inventory({ addresses, nodes, rooms, recovery, clock }: InventoryDependencies) {
  return async (node: string, { slice, slices, rooms: held }: InventoryReport): Promise<void> => {
    const urls = (await rooms.idsOfNode(node)).map((id) => addresses.room(id));
    const due = urls.filter((url) => sliceOf(url, slices) === slice);
    const found = await rooms.readAll([...due, ...held.map(({ resource }) => resource)]);
    const { sync, restart } = differenceOf(node, held, found, clock());
    await inTurns(sync, (command) => nodes.dispatch(node, command));
    await inTurns(restart, (room) => recovery.restart(room));
  };
}

/** Between what a node holds and all rooms that there are, of those that it holds or should. */
export function differenceOf(
  node: string,
  held: readonly Held[],
  found: readonly RoomState[],
  now: number,
): Difference {
  const own = found.filter((room) => room.node === node);
  const over = held.filter((one) => !own.some((room) => isSameLife(room, one)));
  const missing = own.filter((room) => !held.some((one) => isSameLife(room, one)));
  const newer = own.filter((room) => held.some((one) => isSameLife(room, one) && one.version < room.version));
  const restart = missing.filter((room) => hadMedia(room, now));
  const told = [...newer, ...missing.filter((room) => !restart.includes(room))];
  const ended = over.map(({ resource: url, ...life }) => {
    const room = found.find((each) => each.url === url);
    return endOf({ url, ...life }, room);
  });
  return { sync: [...ended, ...told.map(syncOf)], restart };
}

function isSameLife({ url, incarnation, epoch }: RoomState, held: Held): boolean {
  return url === held.resource && incarnation === held.incarnation && epoch === held.epoch;
}

/** The node has once said that media flow: they do no longer. What is quite new it may have said after its inventory. */
function hadMedia({ members, lastModified }: RoomState, now: number): boolean {
  const settled = now - Date.parse(lastModified) > HEARTBEAT_LATE;
  return (
    settled &&
    Object.values(members)
      .flatMap(publicationsOf)
      .some(([, { media }]) => media === 'connected')
  );
}
