import type { Code, DismissalReason, ObjectUpdate } from '@hyperroom/protocol';
import { mediaOf, participantOf, type RoomState, waitingParticipantOf } from '../room-state.ts';
import { isSame } from './same.ts';

/** A change as observers of the room object hear of it; who reports it and when is the same for all. */
export type RoomUpdate = Pick<ObjectUpdate, 'version' | 'attribute'> & { readonly value?: unknown };

/** What the conference tells one hyperty alone. */
export interface Notice {
  readonly hypertyURL: string;
  readonly connectionId: string;
  readonly said: 'admitted' | DismissalReason;
  /** In a moderator's words. */
  readonly description?: string;
}

export interface Changed {
  readonly kind: 'changed';
  /** As it was; absent: there was none, or its time was over. */
  readonly before: RoomState | undefined;
  readonly room: RoomState;
  /** Nobody is left, and it does not last without. */
  readonly destroyed: boolean;
  readonly updates: readonly RoomUpdate[];
  readonly notices: readonly Notice[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly code: Code;
  readonly description: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Nothing to do: the event repeats or is overtaken. `room`: as it was found. */
export interface Unchanged {
  readonly kind: 'unchanged';
  readonly room: RoomState;
}

export type Outcome = Changed | Unchanged | Refused;

/** Who takes part, or waits. */
type Addressee = Pick<Notice, 'hypertyURL' | 'connectionId'>;

export function notice({ hypertyURL, connectionId }: Addressee, said: Notice['said'], description?: string): Notice {
  return { hypertyURL, connectionId, said, ...(description !== undefined && { description }) };
}

export function refused(code: Code, description: string, details?: Refused['details']): Refused {
  return { kind: 'refused', code, description, ...(details && { details }) };
}

/**
 * What becomes of a room by a change, which may depend on the version that it leads to. Only what observers can see raises
 * the version: by one for each attribute that differs. `isNew`: the room is there from now on only.
 */
export function changed(
  room: RoomState,
  now: string,
  change: (version: number) => Partial<RoomState>,
  notices: readonly Notice[] = [],
  isNew = false,
): Changed | Unchanged {
  const steps = updatesBetween(room, { ...room, ...change(room.version) }).length;
  const version = room.version + steps;
  const next = { ...room, ...change(version), version, ...(steps > 0 && { lastModified: now }) };
  if (isSame(next, room)) return { kind: 'unchanged', room };
  const updates = updatesBetween(room, next);
  const destroyed = Object.keys(next.members).length === 0 && next.emptyUntil === undefined;
  const left = destroyed ? Object.values(room.waiting).map((waiting) => notice(waiting, 'ended')) : [];
  return {
    kind: 'changed',
    before: isNew ? undefined : room,
    room: next,
    destroyed,
    updates,
    notices: [...notices, ...left],
  };
}

/** The end of a room with all who are in it, told at once: nobody needs to hear of one after the other. */
export function ended(room: RoomState, now: string, description?: string): Changed {
  const dismissed = Object.values(room.members).map((member) => notice(member, 'ended', description));
  const sentAway = Object.values(room.waiting).map((waiting) => notice(waiting, 'ended', description));
  return {
    kind: 'changed',
    before: room,
    room: { ...room, version: room.version + 1, lastModified: now, members: {}, waiting: {}, speakers: [] },
    destroyed: true,
    updates: [],
    notices: [...dismissed, ...sentAway],
  };
}

/** How two states of a room differ for who observes it, attribute by attribute. */
export function updatesBetween(before: RoomState, after: RoomState): RoomUpdate[] {
  const was = attributesOf(before);
  const is = attributesOf(after);
  const differing = [...new Set([...was.keys(), ...is.keys()])].filter(
    (attribute) => !isSame(was.get(attribute), is.get(attribute)),
  );
  return differing.map((attribute, index) => ({
    version: before.version + 1 + index,
    attribute,
    ...(is.has(attribute) && { value: is.get(attribute) }),
  }));
}

function attributesOf(room: RoomState): Map<string, unknown> {
  const waiting = Object.entries(room.waiting).filter(([, { admitted }]) => !admitted);
  return new Map<string, unknown>([
    ['epoch', room.epoch],
    ['media', mediaOf(room)],
    ['options', room.options],
    ['metadata', room.metadata],
    ...Object.entries(room.members).map(([id, member]) => [`participants.${id}`, participantOf(member)] as const),
    ...waiting.map(([id, entry]) => [`waiting.${id}`, waitingParticipantOf(entry)] as const),
    ['speakers', room.speakers],
  ]);
}

/** An entry of a record whose keys come from outside: what every object inherits is none. */
export function entryOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function withoutEntry<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}
