import type { RoomOptions } from '../../src/index.ts';

/** What somebody wants to join with. */
export interface Choice {
  name: string;
  room: string;
  token: string | undefined;
  /** How to run the room if there is none yet; undefined: then there shall be none. */
  create: RoomOptions | undefined;
  /** Whether to join without camera and microphone. */
  isWatching: boolean;
}

/** A choice that may not have been made yet. */
export interface Draft extends Omit<Choice, 'room'> {
  room: string | undefined;
}

export function isWhole(draft: Draft): draft is Choice {
  return Boolean(draft.room && draft.name);
}
