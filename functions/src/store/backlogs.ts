import { type DataMessage, idOf, MAX_HISTORY } from '@hyperroom/protocol';
import type { StayKey } from '../conference/room-state.ts';
import type { KeptMessages, MessageList, MessageLists } from './message-lists.ts';

/** The data messages that a participant without a socket is to get when it comes back. */
export interface Backlogs {
  append(stay: StayKey, message: DataMessage): Promise<void>;
  read(stay: StayKey): Promise<KeptMessages>;
  /** `seen`: unless it has been added to since. */
  remove(stay: StayKey, seen?: number): Promise<void>;
}

/** What the answer to who comes back has room for beside the room object, as JSON. */
const MAX_BYTES = 48_000;

export function backlogStore(lists: MessageLists): Backlogs {
  return {
    append: (stay, message) => lists.append(listOf(stay), message),
    read: (stay) => lists.read(listOf(stay)),
    remove: (stay, seen) => lists.remove(listOf(stay), seen),
  };
}

function listOf({ room, id, incarnation, admitted }: StayKey): MessageList {
  return {
    key: `backlog#${idOf(room)}/${id}`,
    life: `${incarnation}.${admitted}`,
    most: MAX_HISTORY,
    mostBytes: MAX_BYTES,
  };
}
