import type { MediaCommand } from '@hyperroom/protocol';
import type { MediaNodes } from '../media/media-nodes.ts';
import type { Recovery } from '../media/recovery.ts';
import { mediaNodeGone } from './participants.ts';
import type { RoomState } from './room-state.ts';

/** Sends a room's media node a command; if that is lost, another node, which has the room from then on. Throws a refusal if nobody can take it. */
export type Dispatch = (room: RoomState, commandFor: (room: RoomState) => MediaCommand) => Promise<void>;

export interface FailoverDependencies {
  readonly nodes: Pick<MediaNodes, 'dispatch'>;
  readonly recovery: Pick<Recovery, 'rescue'>;
}

export function failover({ nodes, recovery }: FailoverDependencies): Dispatch {
  return async (room, commandFor) => {
    if (await nodes.dispatch(room.node, commandFor(room))) return;
    const moved = await recovery.rescue(room);
    if (!moved || !(await nodes.dispatch(moved.node, commandFor(moved)))) throw mediaNodeGone();
  };
}
