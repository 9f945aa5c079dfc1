import {
  Code,
  type DataMessage,
  type DomainAddresses,
  type Moderation,
  Refusal,
  type Room,
  type RoomOptions,
} from '@hyperroom/protocol';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Metrics } from '../metrics.ts';
import type { Rooms } from '../store/rooms.ts';
import type { Data } from './data.ts';
import { refusalOf } from './participants.ts';
import { type RoomState, roomObject } from './room-state.ts';
import type { RoomEvent } from './rules/events.ts';
import type { Changed, Unchanged } from './rules/outcome.ts';
import type { Settle } from './settle.ts';

export interface BackendDependencies {
  readonly addresses: DomainAddresses;
  readonly rooms: Rooms;
  readonly nodes: MediaNodes;
  readonly settle: Settle['settle'];
  readonly data: Data;
  readonly metrics: Metrics;
  readonly newId: () => string;
}

/** What back ends may do. Whether they may is not asked here. All throw refusals. */
export interface Backend {
  list(page: {
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly rooms: Room[]; readonly cursor?: string }>;
  create(roomId: string, options: RoomOptions): Promise<Room>;
  read(roomId: string): Promise<Room>;
  /** Undefined: the room has ended by it. */
  moderate(roomId: string, moderation: Moderation): Promise<Room | undefined>;
  send(roomId: string, message: Pick<DataMessage, 'topic' | 'data' | 'to'>): Promise<DataMessage>;
}

export function backend({ addresses, rooms, nodes, settle, data, metrics, newId }: BackendDependencies): Backend {
  const objectOf = (room: RoomState) => roomObject(room, addresses.conference);

  async function find(roomId: string): Promise<RoomState> {
    const room = await rooms.read(addresses.room(roomId));
    if (!room) throw new Refusal(Code.notFound, 'no such room');
    return room;
  }

  async function carryOut(roomId: string, event: RoomEvent): Promise<Changed | Unchanged> {
    const outcome = await settle(addresses.room(roomId), event);
    if (outcome.kind === 'refused') throw refusalOf(outcome);
    return outcome;
  }

  return {
    async list(page) {
      const { rooms: found, ...rest } = await rooms.list(page);
      return { rooms: found.map(objectOf), ...rest };
    },

    async create(roomId, options) {
      const found = await nodes.choose();
      if (!found || found.draining) metrics.record({ WaitingJoins: 1 });
      const node = found?.url ?? '';
      const { room } = await carryOut(roomId, { type: 'create', options, incarnation: newId(), node });
      return objectOf(room);
    },

    read: async (roomId) => objectOf(await find(roomId)),

    async moderate(roomId, moderation) {
      const outcome = await carryOut(roomId, { type: 'moderate', moderation });
      return outcome.kind === 'changed' && outcome.destroyed ? undefined : objectOf(outcome.room);
    },

    async send(roomId, { topic, data: payload, to }) {
      return data.send(await find(roomId), { id: `server.${newId()}`, topic, data: payload, ...(to && { to }) });
    },
  };
}
