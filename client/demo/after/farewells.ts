import type { CloseReason } from '../../src/index.ts';

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
