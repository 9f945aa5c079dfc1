/* The real SDK, as it is. */

export { HyperroomError } from '../../../../../client/src/errors.ts';
export { Hyperroom, type HyperroomOptions, type JoinOptions } from '../../../../../client/src/hyperroom.ts';
export type { Room } from '../../../../../client/src/room.ts';
