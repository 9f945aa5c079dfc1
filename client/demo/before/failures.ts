import { HyperroomError, type HyperroomErrorCode } from '../../src/index.ts';
import { hasExpired } from './token.ts';

const TOKEN_EXPIRED = 'Your token has expired. Ask for a new one, and put it under “Room options”.';

/** What went wrong on the way into a room, and what to do about it. The server's own words are added where they say more. */
const REFUSALS: Partial<Record<HyperroomErrorCode, (description: string) => string>> = {
  'not-found': () => 'There is no such room. Check the link, or open the room yourself: see “Room options”.',
  'room-full': () => 'This room is full. Try again when somebody has left.',
  'no-media-node': () => 'No media server is available right now. Try again in a moment.',
  locked: () => 'This room is locked. Ask somebody in it to unlock it, then try again.',
  forbidden: (description) =>
    `You may not join: ${description}. Watch and listen only, see “Room options”, or ask for another token.`,
  unauthorized: () => 'Your token is not valid. Ask for another one, and put it under “Room options”.',
  'token-expired': () => TOKEN_EXPIRED,
  'codec-unsupported': () =>
    'This browser has not got the room’s video codec. Join with another browser, or without a camera.',
  'waiting-refused': () => 'A moderator did not let you in. Ask whoever invited you, then try again.',
  'too-fast': () => 'Too many attempts. Wait a moment and try again.',
  conflict: () => 'You are in this room already. Leave it there, then join here.',
  'connection-refused': () =>
    'The server cannot be reached, or does not accept your token. Check your connection and the token.',
  'connection-lost': () => 'The connection was lost while joining. Try again.',
  timeout: () => 'The server did not answer. Try again.',
};

/** Why a room could not be joined with a token, or without one. */
export function joinFailure(error: unknown, token: string | undefined): string {
  if (!(error instanceof HyperroomError)) {
    return `Something went wrong: ${error instanceof Error ? error.message : error}`;
  }
  if (error.code === 'connection-refused' && token !== undefined && hasExpired(token)) return TOKEN_EXPIRED;
  return REFUSALS[error.code]?.(error.message) ?? `The server refused: ${error.message}.`;
}
