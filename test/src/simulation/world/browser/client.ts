import { standing } from '../../../../../client/src/later.ts';

/* The real SDK, as it is, with what it loads later: in a world of its own there is nothing to load from. */

await standing();

export { HyperroomError } from '../../../../../client/src/errors.ts';
export { Hyperroom, type HyperroomOptions, type JoinOptions } from '../../../../../client/src/hyperroom.ts';
export type { Room } from '../../../../../client/src/room.ts';
