import { HyperroomError, type HyperroomErrorCode } from '../../src/index.ts';
import type { Choice } from './choice.ts';
import { hasExpired } from './token.ts';

const TOKEN_EXPIRED = 'Your token has expired. Ask for a new one, and put it under “Room options”.';

/** What went wrong on the way into a room, and what to do about it. The server's own words are added where they say more. */
const REFUSALS: Partial<Record<HyperroomErrorCode, (description: string, mayWatch: boolean) => string>> = {
  'not-found': () => 'There is no such room. Check the link, or open the room yourself: see “Room options”.',
  'room-full': () => 'This room is full. Try again when somebody has left.',
  'no-media-node': () => 'No media server is available right now. Try again in a moment.',
  locked: () => 'This room is locked. Ask somebody in it to unlock it, then try again.',
  forbidden: (description, mayWatch) =>
    `You may not join like this: ${description}. Ask for another token${mayWatch ? ', or watch and listen' : ''}.`,
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

export interface Failure {
  text: string;
  /** Whether it may help to come without camera and microphone. */
  mayWatch: boolean;
}

/** Why a room could not be joined as somebody wanted to. */
export function joinFailure(error: unknown, { token, isWatching }: Pick<Choice, 'token' | 'isWatching'>): Failure {
  const mayWatch = !isWatching && error instanceof HyperroomError && error.code === 'forbidden';
  return { text: textOf(error, token, mayWatch), mayWatch };
}

function textOf(error: unknown, token: string | undefined, mayWatch: boolean): string {
  if (!(error instanceof HyperroomError)) {
    return `Something went wrong: ${error instanceof Error ? error.message : error}`;
  }
  if (error.code === 'connection-refused' && token !== undefined && hasExpired(token)) return TOKEN_EXPIRED;
  return REFUSALS[error.code]?.(error.message, mayWatch) ?? `The server refused: ${error.message}.`;
}
