import { type DataMessage, idOf } from '@hyperroom/protocol';
import type { RoomState } from '../conference/room-state.ts';
import type { MessageList, MessageLists } from './message-lists.ts';

/** The data messages of a room that are kept for those who join later. */
export interface Histories {
  append(room: RoomState, message: DataMessage): Promise<void>;
  /** Oldest first: the newest that the room's options let it keep, as many as fit an answer. */
  read(room: RoomState): Promise<DataMessage[]>;
  remove(room: RoomState): Promise<void>;
}

/** What an answer carries of them, as JSON: a gateway's message less its envelope. */
const MAX_BYTES = 100_000;

export function historyStore(lists: MessageLists): Histories {
  return {
    append: (room, message) => lists.append(listOf(room), message),
    read: async (room) => (await lists.read(listOf(room))).messages,
    remove: (room) => lists.remove(listOf(room)),
  };
}

function listOf({ url, incarnation, options }: RoomState): MessageList {
  return { key: `history#${idOf(url)}`, life: incarnation, most: options.history, mostBytes: MAX_BYTES };
}
