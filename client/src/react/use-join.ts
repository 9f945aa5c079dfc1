import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Room } from '../index.ts';
import { useHyperroom } from './context.ts';
import { Joining, type JoinRoomOptions, type JoinState } from './joining.ts';
import { useStore } from './subscribing.ts';

export type Join = JoinState & {
  /**
   * Joins a room by the client of the `HyperroomProvider`; one that was joined before is left. Resolves with the room, or with undefined if
   * that comes to nothing, which the state says more of; rejects never. The room that is joined already, or on its way, is not joined again.
   */
  readonly join: (roomId: string, options: JoinRoomOptions) => Promise<Room | undefined>;
  /** Gives up a join that is on its way: the state is `idle` again. Nothing happens once it is joined. */
  readonly cancel: () => void;
  /** Leaves, or gives up, whatever there is: the state is `idle` again. */
  readonly reset: () => void;
};

/**
 * Joins rooms, one at a time, and tells how that goes. The room is left when the component goes.
 *
 * @example
 * const { status, room, join } = useJoin();
 * if (status === 'joined') return <Call room={room} />;
 * return <button onClick={() => join('standup', { name: 'Ada', create: true })}>Join</button>;
 */
export function useJoin(): Join {
  const client = useHyperroom();
  const [joining] = useState(() => new Joining());
  useEffect(() => joining.use(), [joining]);
  const state = useStore(joining.state);
  const join = useCallback(
    (roomId: string, options: JoinRoomOptions) => joining.join(client, roomId, options),
    [joining, client],
  );
  return useMemo(() => ({ ...state, join, cancel: joining.cancel, reset: joining.reset }), [state, join, joining]);
}
