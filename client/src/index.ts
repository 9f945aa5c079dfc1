export type { CloseReason } from './conference-hyperty.ts';
export { HyperroomError, type HyperroomErrorCode } from './errors.ts';
export { type ConnectOptions, Hyperroom, type HyperroomOptions, type JoinOptions } from './hyperroom.ts';
export type { Hyperty, HypertyDescription, HypertyEvents } from './hyperty.ts';
export type { Participant } from './participant.ts';
export type { Room, RoomEvents, RoomState } from './room.ts';
