/* The real functions, as they are. */

export type { RoomState } from '../../../../../functions/src/conference/room-state.ts';
export type { Gateway } from '../../../../../functions/src/gateway.ts';
export { resultOf } from '../../../../../functions/src/handlers/result.ts';
export {
  type AuthorizerContext,
  anonymousContext,
  contextOf,
} from '../../../../../functions/src/messaging-node/session.ts';
export { assemble } from '../../../../../functions/src/node.ts';
export type { Ports } from '../../../../../functions/src/ports.ts';
export { roomFrom } from '../../../../../functions/src/store/room-items.ts';
export type { Table } from '../../../../../functions/src/store/table.ts';
