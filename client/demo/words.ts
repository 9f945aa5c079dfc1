import { type CloseReason, HyperroomError, type HyperroomErrorCode } from '../src/index.ts';
import { hasExpired } from './before/token.ts';

const TOKEN_EXPIRED = 'Your token has expired. Ask for a new one, and put it under “Room options”.';

/** What went wrong on the way into a room, and what to do about it. The server's own words are added where they say more. */
const REFUSALS: Partial<Record<HyperroomErrorCode, (description: string) => string>> = {
  'not-found': () => 'There is no such room. Check the link, or open the room yourself: see “Room options”.',
  'room-full': () => 'This room is full. Try again when somebody has left.',
  'no-media-node': () => 'No media server is available right now. Try again in a moment.',
  locked: () => 'This room is locked. Ask somebody in it to unlock it, then try again.',
  forbidden: (description) =>
    `You may not join: ${description}. Ask whoever invited you for another token, or join with less.`,
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
  if (!(error instanceof HyperroomError)) return unforeseen(error);
  if (error.code === 'connection-refused' && token !== undefined && hasExpired(token)) return TOKEN_EXPIRED;
  return REFUSALS[error.code]?.(error.message) ?? `The server refused: ${error.message}.`;
}

/** Why something in a call did not work. */
export function problem(error: unknown): string {
  if (error instanceof DOMException) return `The browser does not give it: ${error.message}.`;
  if (!(error instanceof HyperroomError)) return unforeseen(error);
  if (error.code === 'forbidden') return `That is not allowed: ${error.message}.`;
  if (error.code === 'token-expired') return 'Your token has expired. Join again with a new one.';
  return `That did not work: ${error.message}.`;
}

function unforeseen(error: unknown): string {
  return `Something went wrong: ${error instanceof Error ? error.message : error}`;
}

/** Why camera and microphone cannot be used; the names are those of `getUserMedia`'s errors. */
export function mediaFailure(error: unknown): string {
  switch (error instanceof DOMException ? error.name : undefined) {
    case 'NotAllowedError':
      return 'Camera and microphone are blocked. Allow them in your browser’s address bar, or join to watch and listen.';
    case 'NotFoundError':
      return 'No camera or microphone was found. You can join to watch and listen.';
    case 'NotReadableError':
      return 'Camera or microphone is in use by another application. You can join to watch and listen.';
    default:
      return 'Camera and microphone cannot be used here. You can join to watch and listen.';
  }
}

/** What keeps a call from going on for now. */
export type Trouble = 'offline' | 'reconnecting' | 'waiting';

export const TROUBLES: Record<Trouble, { title: string; text: string }> = {
  offline: { title: 'You are offline', text: 'The call goes on when your network is back.' },
  reconnecting: { title: 'Reconnecting…', text: 'You are still in the call.' },
  waiting: { title: 'Waiting for a media server…', text: 'Picture and sound come back by themselves.' },
};

interface Farewell {
  title: string;
  text: string;
  /** Whether it makes sense to try. */
  mayRejoin: boolean;
}

export const FAREWELLS: Record<CloseReason, Farewell> = {
  left: { title: 'You left the room', text: 'The others can go on without you.', mayRejoin: true },
  'connection-lost': {
    title: 'The connection was lost',
    text: 'The server did not take you back. The room may still be there.',
    mayRejoin: true,
  },
  removed: { title: 'You were removed', text: 'A moderator has removed you from the room.', mayRejoin: false },
  replaced: {
    title: 'You joined elsewhere',
    text: 'The call goes on in your other window or device.',
    mayRejoin: true,
  },
  ended: {
    title: 'The room was closed',
    text: 'It was ended for everyone, or ended while you were away.',
    mayRejoin: true,
  },
  locked: {
    title: 'The room is locked',
    text: 'Your connection was lost for too long, and nobody can join by now. Ask somebody in the room to unlock it.',
    mayRejoin: true,
  },
  'room-full': {
    title: 'The room is full',
    text: 'Your connection was lost for too long, and others have taken your place. Try again when somebody has left.',
    mayRejoin: true,
  },
  'token-expired': {
    title: 'Your token has expired',
    text: 'Your connection was lost, and coming back takes a new token. Ask for one, and put it under “Room options”.',
    mayRejoin: false,
  },
};

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''));
  return letters.join('').toUpperCase();
}

/** A colour for each name, the same on every screen. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}
