import type { DomainAddresses } from '@hyperroom/protocol';
import { endOf, type RoomState } from '../conference/room-state.ts';
import type { Settle } from '../conference/settle.ts';
import { inTurns } from '../in-turns.ts';
import type { Rooms } from '../store/rooms.ts';
import type { MediaNodes } from './media-nodes.ts';
import { isHopeless, type MediaNode, stateOf } from './placement.ts';

export interface Recovery {
  /** Of all nodes those whose rooms are to be moved now. `witness`: whether who asks is believed that others are late. */
  lostAmong(nodes: readonly MediaNode[], by: string, witness: boolean): MediaNode[];
  /** Moves the rooms of lost nodes, as far as nobody else is at it. */
  clear(lost: readonly MediaNode[]): Promise<void>;
  /** Gives rooms without a node one, as far as there is place. */
  adopt(): Promise<void>;
  /** Lets a room's media begin anew wherever there is place, be it where it is; without any it has to wait. */
  restart(room: RoomState): Promise<void>;
  /** The same for all rooms of a node. */
  restartAll(node: string): Promise<void>;
  /** Moves the rooms of a node that drains, which goes on with what it has of them for a while: as far as there is place on nodes that stay. */
  evacuate(node: string): Promise<void>;
  /** A room on another node, if its own is lost and there is another. */
  rescue(room: RoomState): Promise<RoomState | undefined>;
}

export interface RecoveryDependencies {
  readonly addresses: DomainAddresses;
  readonly nodes: MediaNodes;
  readonly rooms: Rooms;
  readonly settle: Settle['settle'];
  readonly clock: () => number;
}

/** Milliseconds after which who claimed a node is taken to be done with its rooms, or dead: somebody looks again. */
const CLAIM_LIFETIME = 5_000;

export function recovery({ addresses, nodes, rooms, settle, clock }: RecoveryDependencies): Recovery {
  /** `mayWait`: where no node has place the room gets none, instead of staying where it is. */
  async function move(room: RoomState, mayWait: boolean): Promise<RoomState | undefined> {
    const node = (await nodes.place(room))?.url ?? '';
    return node || mayWait ? moveTo(node, room) : undefined;
  }

  async function moveTo(node: string, room: RoomState): Promise<RoomState | undefined> {
    const { url, incarnation, epoch, node: from } = room;
    const outcome = await settle(url, { type: 'move', incarnation, epoch, from, node });
    return outcome.kind === 'refused' || outcome.room.node === '' ? undefined : outcome.room;
  }

  async function roomsOf(node: string): Promise<RoomState[]> {
    const ids = await rooms.idsOfNode(node);
    const found = await rooms.readAll(ids.map((id) => addresses.room(id)));
    return found.filter((room) => room.node === node);
  }

  async function clearOne(node: MediaNode): Promise<void> {
    if (!(await nodes.claim(node))) return;
    const left = await roomsOf(node.url);
    // The index shows a new room late, and who claims may die: only who finds nothing after another's claim knows that it is done.
    if (node.claimed !== undefined && left.length === 0) return nodes.forget(node.url);
    const hopeless = isHopeless(node, clock());
    await inTurns(left, (room) => move(room, hopeless));
  }

  async function relocate(room: RoomState): Promise<void> {
    const node = await nodes.refuge(room);
    const moved = node && (await moveTo(node.url, room));
    if (moved) await nodes.dispatch(room.node, endOf(room, moved));
  }

  return {
    lostAmong(all, by, witness) {
      const now = clock();
      const isFree = ({ claimed }: MediaNode) => claimed === undefined || now - claimed > CLAIM_LIFETIME;
      return all.filter((node) => node.url !== by && stateOf(node, now, witness) === 'lost' && isFree(node));
    },
    clear: (lost) => inTurns(lost, clearOne),
    async adopt() {
      await inTurns(await roomsOf(''), (room) => move(room, false));
    },
    async restart(room) {
      await move(room, true);
    },
    async restartAll(node) {
      await inTurns(await roomsOf(node), (room) => move(room, true));
    },
    async evacuate(node) {
      await inTurns(await roomsOf(node), relocate);
    },
    async rescue(room) {
      if (!room.node) return move(room, false);
      const node = nodes.known(room.node);
      if (node && stateOf(node, clock()) !== 'lost') return undefined;
      return move(room, !node || isHopeless(node, clock()));
    },
  };
}
