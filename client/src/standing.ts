/* What a room needs from when it is joined: later.ts loads it. */

// All that is needed before leads here, too, so that bundlers have one file for it, not two, which compress worse.
export { Hyperroom } from './hyperroom.ts';
export { JoinedRoom } from './joined-room.ts';
export { ReceivePool } from './receive-pool.ts';
export { Repairs } from './repair/repairs.ts';
