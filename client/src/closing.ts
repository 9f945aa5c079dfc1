import { HyperroomError, type HyperroomErrorCode } from './errors.ts';

/** Why a participant is no longer in a room. */
export type CloseReason =
  /** It left. */
  | 'left'
  /** The server does not take it back. */
  | 'connection-lost'
  /** A moderator removed it. */
  | 'removed'
  /** The same user joined again from elsewhere. */
  | 'replaced'
  /** A moderator or a back end ended the room, or it ended while this participant was away. */
  | 'ended'
  /** While this participant was away its place was given up, and the room was locked, */
  | 'locked'
  /** or is full by now, */
  | 'room-full'
  /** or its token is no longer good. */
  | 'token-expired';

const REASONS: Partial<Record<HyperroomErrorCode, CloseReason>> = {
  'not-found': 'ended',
  forbidden: 'removed',
  'waiting-refused': 'removed',
  conflict: 'replaced',
  locked: 'locked',
  'room-full': 'room-full',
  unauthorized: 'token-expired',
  'token-expired': 'token-expired',
};

/** What a refusal to let somebody in again makes of the room. */
export function reasonOf(error: unknown): CloseReason {
  return (error instanceof HyperroomError && REASONS[error.code]) || 'connection-lost';
}

/** What it makes of the room that no socket of this participant's is taken any more. */
export function reasonOfLoss(error: unknown): CloseReason {
  return error instanceof HyperroomError && error.code === 'token-expired' ? error.code : 'connection-lost';
}

export function textOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
