import { Code } from '@hyperroom/protocol';
import type { Member, RoomState, Waiting } from '../room-state.ts';
import type { Expire, Leave, Stay, Vanish } from './events.ts';
import { without } from './members.ts';
import { changed, ended, entryOf, type Outcome, refused, withoutEntry } from './outcome.ts';

export function leave(room: RoomState | undefined, event: Leave, now: string): Outcome {
  const waiting = room && entryOf(room.waiting, event.id);
  const member = room && entryOf(room.members, event.id);
  if (room && !member && waiting && !event.stay) return withdraw(room, event, waiting, now);
  if (!room || !member) return notHere();
  const applies =
    isMeant(room, member, event) &&
    (event.connectionId === undefined || member.connectionId === event.connectionId) &&
    (!event.onlyIfDisconnected || member.status === 'disconnected');
  return applies ? changed(room, now, () => without(room, event.id, now)) : { kind: 'unchanged', room };
}

/**
 * That a join has failed holds though the room has moved by the time that the word of it arrives. Who is to go for want of a sign of life may have
 * given one to the node of the next; and so has who has said the same join again since.
 */
function isMeant(room: RoomState, member: Member, { stay, connectionId }: Leave): boolean {
  if (!stay) return true;
  if (connectionId !== undefined || stay.epoch === room.epoch) return isStay(room, member, stay);
  const isFormer = member.admitted === stay.admitted && member.rejoined <= stay.epoch;
  return room.incarnation === stay.incarnation && stay.epoch < room.epoch && isFormer;
}

export function vanish(room: RoomState | undefined, event: Vanish, now: string): Outcome {
  const waiting = room && entryOf(room.waiting, event.id);
  const member = room && entryOf(room.members, event.id);
  if (room && !member && waiting) return withdraw(room, event, waiting, now);
  if (!room || !member) return notHere();
  if (member.connectionId !== event.connectionId || member.status !== 'live') return { kind: 'unchanged', room };
  const members: RoomState['members'] = { ...room.members, [event.id]: { ...member, status: 'disconnected' } };
  return changed(room, now, () => ({ members }));
}

function withdraw(room: RoomState, event: Leave | Vanish, waiting: Waiting, now: string): Outcome {
  if (event.connectionId !== undefined && waiting.connectionId !== event.connectionId) {
    return { kind: 'unchanged', room };
  }
  return changed(room, now, () => ({ waiting: withoutEntry(room.waiting, event.id) }));
}

/** Believed only of the very emptiness that the node speaks of: at another version somebody has been there. */
export function expire(room: RoomState | undefined, event: Expire, now: string): Outcome {
  if (!room) return refused(Code.notFound, 'no such room');
  const same = isLife(room, event) && room.version === event.version;
  const empty = Object.keys(room.members).length === 0;
  return same && empty ? ended(room, now) : { kind: 'unchanged', room };
}

export function isStay(room: RoomState, member: Member, stay: Stay): boolean {
  return isLife(room, stay) && member.admitted === stay.admitted;
}

/** Whether a node speaks of the room as it holds it now. */
export function isLife(room: RoomState, { incarnation, epoch, node }: Omit<Stay, 'admitted'>): boolean {
  return room.incarnation === incarnation && room.epoch === epoch && room.node === node;
}

export function notHere(): Outcome {
  return refused(Code.notFound, 'not in this room');
}
