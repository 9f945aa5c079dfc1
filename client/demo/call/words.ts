import type { DeviceSource, DeviceStatus } from '../../src/devices/index.ts';
import { HyperroomError, type Quality, type Source } from '../../src/index.ts';
import type { ParticipantView } from '../../src/react/index.ts';

/** What keeps a call from going on for now. */
export type Trouble = 'offline' | 'reconnecting' | 'waiting';

export const TROUBLES: Record<Trouble, { title: string; text: string }> = {
  offline: { title: 'You are offline', text: 'The call goes on when your network is back.' },
  reconnecting: { title: 'Reconnecting…', text: 'You are still in the call.' },
  waiting: { title: 'Waiting for a media server…', text: 'Picture and sound come back by themselves.' },
};

export const QUALITIES: Record<Quality, string> = {
  unknown: 'connection: unknown',
  excellent: 'connection: excellent',
  good: 'connection: good',
  poor: 'connection: poor',
  lost: 'connection: lost',
};

/** Who has seen to it that others get nothing of a source. */
export function mutedBy({ muted, blocked }: ParticipantView, source: Source): 'self' | 'moderator' | undefined {
  if (blocked[source]) return 'moderator';
  return muted[source] ? 'self' : undefined;
}

/** Why a device is not on, and what to do; undefined if there is nothing to say. */
export function deviceTrouble(source: DeviceSource, status: DeviceStatus): string | undefined {
  switch (status) {
    case 'denied':
      return `Your ${source} is blocked. Allow it in your browser’s address bar, then try again.`;
    case 'missing':
      return `No ${source} was found. Plug one in, then try again.`;
    case 'busy':
      return `Your ${source} is in use by another application. Close that, then try again.`;
    case 'unplugged':
      return `Your ${source} was unplugged. Plug it in again, or choose another in the settings.`;
    case 'failed':
      return `Your ${source} does not work. Choose another in the settings.`;
    default:
      return undefined;
  }
}

/** “Ben”, “Ben and Cleo”, “Ben, Cleo and 3 others”. */
export function listed(names: readonly string[]): string {
  const [first = '', second, third] = names;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  const others = names.length - 2;
  return `${first}, ${second} and ${others === 1 ? third : `${others} others`}`;
}

/** Why something in a call did not work. */
export function problem(error: unknown): string {
  if (error instanceof DOMException) return `The browser does not give it: ${error.message}.`;
  if (!(error instanceof HyperroomError))
    return `Something went wrong: ${error instanceof Error ? error.message : error}`;
  if (error.code === 'forbidden') return `That is not allowed: ${error.message}.`;
  if (error.code === 'token-expired') return 'Your token has expired. Join again with a new one.';
  return `That did not work: ${error.message}.`;
}
