import { Code, DEFAULT_CAPACITY, type MediaState, type ObjectUpdate, type RoomOptions } from '@hyperroom/protocol';
import { type Member, participantOf, type RoomState } from './room-state.ts';

/*
 * What may happen to a room, and what follows. Pure: the store carries the same rules out as conditional writes, and a
 * test holds the two together.
 */

export interface Join {
  readonly type: 'join';
  readonly id: string;
  readonly member: Omit<Member, 'admitted'>;
  /** What the room becomes if there is none; `options` absent: it is not to be created. */
  readonly options?: RoomOptions;
  readonly incarnation: string;
  readonly node: string;
}

/** A participant goes. Each condition that is given must hold, or nothing happens. */
export interface Leave {
  readonly type: 'leave';
  readonly id: string;
  readonly stay?: Stay;
  readonly connectionId?: string;
  readonly onlyIfDisconnected?: boolean;
}

/** One participation, as a media node refers to it. */
export interface Stay {
  readonly incarnation: string;
  readonly admitted: number;
  readonly node: string;
}

/** A participant's socket is gone. */
export interface Vanish {
  readonly type: 'vanish';
  readonly id: string;
  readonly connectionId: string;
}

export interface MediaChange {
  readonly type: 'media';
  readonly id: string;
  readonly stay: Stay;
  readonly media: MediaState;
}

export type RoomEvent = Join | Leave | Vanish | MediaChange;

export type Outcome =
  /** `room`: as it is now; the last to leave has destroyed it where `destroyed` is set. */
  | { readonly kind: 'changed'; readonly room: RoomState; readonly destroyed: boolean }
  /** Nothing to do: the event repeats or is overtaken. `room`: as it was found. */
  | { readonly kind: 'unchanged'; readonly room: RoomState }
  | { readonly kind: 'refused'; readonly code: Code; readonly description: string };

export function apply(room: RoomState | undefined, event: RoomEvent, url: string, now: string): Outcome {
  switch (event.type) {
    case 'join':
      return join(room, event, url, now);
    case 'leave':
      return leave(room, event, now);
    case 'vanish':
      return vanish(room, event, now);
    case 'media':
      return changeMedia(room, event, now);
  }
}

function join(room: RoomState | undefined, event: Join, url: string, now: string): Outcome {
  if (!room && !event.options) return refused(Code.notFound, 'no such room');
  const base = room ?? {
    url,
    incarnation: event.incarnation,
    version: 0,
    created: now,
    lastModified: now,
    capacity: event.options?.capacity ?? DEFAULT_CAPACITY,
    node: event.node,
    members: {},
    observers: [],
  };
  const present = base.members[event.id];
  if (present) {
    const repeated = present.joinedBy === event.member.joinedBy && present.connectionId === event.member.connectionId;
    return repeated ? { kind: 'unchanged', room: base } : refused(Code.conflict, 'already in this room');
  }
  if (Object.keys(base.members).length >= base.capacity) return refused(Code.full, 'the room is full');
  return changed(base, now, { ...base.members, [event.id]: { ...event.member, admitted: base.version + 1 } });
}

function leave(room: RoomState | undefined, event: Leave, now: string): Outcome {
  const member = room?.members[event.id];
  if (!room || !member) return refused(Code.notFound, 'not in this room');
  const applies =
    (!event.stay || isStay(room, member, event.stay)) &&
    (event.connectionId === undefined || member.connectionId === event.connectionId) &&
    (!event.onlyIfDisconnected || member.status === 'disconnected');
  if (!applies) return { kind: 'unchanged', room };
  const { [event.id]: _, ...others } = room.members;
  return changed(room, now, others);
}

function vanish(room: RoomState | undefined, event: Vanish, now: string): Outcome {
  const member = room?.members[event.id];
  if (!room || !member) return refused(Code.notFound, 'not in this room');
  if (member.connectionId !== event.connectionId || member.status !== 'live') return { kind: 'unchanged', room };
  return changed(room, now, { ...room.members, [event.id]: { ...member, status: 'disconnected' } });
}

function changeMedia(room: RoomState | undefined, event: MediaChange, now: string): Outcome {
  const member = room?.members[event.id];
  if (!room || !member) return refused(Code.notFound, 'not in this room');
  if (!isStay(room, member, event.stay) || member.media === event.media) return { kind: 'unchanged', room };
  return changed(room, now, { ...room.members, [event.id]: { ...member, media: event.media } });
}

function isStay(room: RoomState, member: Member, stay: Stay): boolean {
  return room.incarnation === stay.incarnation && room.node === stay.node && member.admitted === stay.admitted;
}

function changed(room: RoomState, now: string, members: RoomState['members']): Outcome {
  return {
    kind: 'changed',
    room: { ...room, version: room.version + 1, lastModified: now, members },
    destroyed: Object.keys(members).length === 0,
  };
}

function refused(code: Code, description: string): Outcome {
  return { kind: 'refused', code, description };
}

/** Who must hear of a change: everybody with a socket, but for the one who joined (its answer carries the room). */
export function audience(room: RoomState, event: RoomEvent): Member[] {
  return Object.entries(room.members)
    .filter(([id, member]) => member.status === 'live' && !(event.type === 'join' && id === event.id))
    .map(([, member]) => member);
}

/** The change as an update of the room object: every event touches one participant. */
export function updateOf(room: RoomState, event: RoomEvent, source: string): ObjectUpdate {
  const member = room.members[event.id];
  return {
    version: room.version,
    source,
    lastModified: room.lastModified,
    attribute: `participants.${event.id}`,
    ...(member && { value: participantOf(member) }),
  };
}
