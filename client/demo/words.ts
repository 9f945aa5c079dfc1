import { type CloseReason, HyperroomError, type HyperroomErrorCode } from '../src/index.ts';

const REFUSALS: Partial<Record<HyperroomErrorCode, string>> = {
  'room-full': 'This room is full. Try again when somebody has left.',
  'no-media-node': 'No media server is available right now. Try again in a moment.',
  locked: 'This room is locked: nobody else may come in.',
  forbidden: 'You are not allowed into this room.',
  unauthorized: 'Your invitation is not valid, or has expired.',
  'too-fast': 'Too many attempts. Wait a moment and try again.',
  conflict: 'You are in this room already.',
  'connection-refused': 'The server cannot be reached. Check your connection and try again.',
  'connection-lost': 'The connection was lost while joining. Try again.',
  timeout: 'The server did not answer. Try again.',
};

/** Why a room could not be joined. */
export function joinFailure(error: unknown): string {
  if (!(error instanceof HyperroomError))
    return `Something went wrong: ${error instanceof Error ? error.message : error}`;
  return REFUSALS[error.code] ?? `The server refused: ${error.message}.`;
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

export const FAREWELLS: Record<CloseReason, { title: string; text: string }> = {
  left: { title: 'You left the room', text: 'The others can go on without you.' },
  'connection-lost': {
    title: 'The connection was lost',
    text: 'Your network or the server went away for a moment. The room may still be there.',
  },
  removed: { title: 'You are no longer in the room', text: 'It was closed, or it went on without you.' },
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
