import { Code, DEFAULT_ROOM_OPTIONS, MAX_CAPACITY, type RoomOptions } from '@hyperroom/protocol';
import { type Member, optionsWith, type RoomState } from '../room-state.ts';
import type { Create, Join } from './events.ts';
import { metadataRefused, offerRefused, overfullRefused, sameUser, unique, without, withPublished } from './members.ts';
import { placed } from './move.ts';
import { changed, entryOf, notice, type Outcome, type Refused, refused, withoutEntry } from './outcome.ts';
import { resume } from './resume.ts';

/** Milliseconds that a room which a back end made waits for its first participant, if its `emptyTimeout` is not longer. */
export const FIRST_ARRIVAL = 300_000;

interface Origin {
  readonly url: string;
  readonly incarnation: string;
  readonly node: string;
  readonly hosted: boolean;
}

/** A room before anything has happened in it. */
function newRoom(origin: Origin, { metadata = {}, ...options }: RoomOptions, now: string): RoomState {
  return {
    ...origin,
    epoch: 1,
    version: 0,
    created: now,
    lastModified: now,
    emptyUntil: undefined,
    options: optionsWith(DEFAULT_ROOM_OPTIONS, options),
    metadata,
    speakers: [],
    members: {},
    waiting: {},
    banned: [],
    observers: [],
  };
}

export function create(found: RoomState | undefined, event: Create, url: string, now: string): Outcome {
  if (found) return refused(Code.conflict, 'there is such a room');
  if (!event.node) return noMediaNode();
  const { incarnation, node, options } = event;
  const room = newRoom({ url, incarnation, node, hosted: true }, options, now);
  const lasts = Math.max(FIRST_ARRIVAL, room.options.emptyTimeout * 1000);
  return {
    kind: 'changed',
    before: undefined,
    room: { ...room, version: 1, emptyUntil: Date.parse(now) + lasts },
    destroyed: false,
    updates: [],
    notices: [],
  };
}

export function join(found: RoomState | undefined, event: Join, url: string, now: string): Outcome {
  const { id, member, incarnation, node, options } = event;
  const room = found ?? (options && newRoom({ url, incarnation, node, hosted: false }, options, now));
  if (!room) return refused(Code.notFound, 'no such room');
  const present = entryOf(room.members, id);
  if (present) {
    if (present.joinedBy !== member.joinedBy) return refused(Code.conflict, 'already in this room');
    const { connectionId, opened, user } = member;
    // Said again, be it by who lost the socket on which it was said first.
    return resume(room, { type: 'resume', id, connectionId, opened, user, joins: true }, now);
  }
  if (room.banned.includes(member.user) || room.banned.includes(member.hypertyURL)) {
    return refused(Code.forbidden, 'removed from this room');
  }
  const letIn = !found || event.moderates || isAdmitted(room, event);
  if (room.options.locked && !letIn) return refused(Code.locked, 'the room is locked');
  if (room.options.waitingRoom && !letIn) return wait(room, event, now);
  return admit(room, event, now, found === undefined);
}

function isAdmitted(room: RoomState, { id, member }: Join): boolean {
  const waiting = entryOf(room.waiting, id);
  return waiting?.admitted === true && waiting.user === member.user;
}

/** Asks for admission. To ask again changes nothing, unless it is on another connection. */
function wait(room: RoomState, { id, member }: Join, now: string): Outcome {
  const { hypertyURL, user, name, connectionId } = member;
  const asked = entryOf(room.waiting, id);
  if (!asked && Object.keys(room.waiting).length >= MAX_CAPACITY) return refused(Code.full, 'too many are waiting');
  const since = asked?.user === user ? asked.since : now;
  const waiting = { ...room.waiting, [id]: { hypertyURL, user, name, connectionId, since, admitted: false } };
  return overfullRefused({ ...room, waiting }) ?? changed(room, now, () => ({ waiting }));
}

function admit(room: RoomState, event: Join, now: string, isNew: boolean): Outcome {
  const { id, member, node } = event;
  const earlier = sameUser(room, member.user);
  const role = roleOf(room, event, earlier?.[1]);
  const refusal = admissionRefused(room, event, role, earlier);
  if (refusal) return refusal;
  const empty = Object.keys(room.members).length === 0;
  const enter = (version: number): Partial<RoomState> => {
    const entering: Member = {
      ...member,
      role,
      muted: unique(member.muted),
      // A moderator's word is not got rid of by coming again.
      blocked: earlier?.[1].blocked ?? [],
      status: 'live',
      resumed: false,
      publications: withPublished({}, event.publishing, version),
      admitted: version,
      rejoined: 1,
    };
    // The node that a room was given may be gone by the time that somebody comes.
    const moves = node !== '' && node !== room.node && (empty || !room.node);
    const there = moves ? { ...room, ...placed(room, node) } : room;
    const entered = {
      ...there,
      emptyUntil: undefined,
      members: { ...there.members, [id]: entering },
      waiting: withoutEntry(room.waiting, id),
    };
    return earlier ? { ...entered, ...without(entered, earlier[0], now) } : entered;
  };
  return changed(room, now, enter, earlier ? [notice(earlier[1], 'replaced')] : [], isNew);
}

/** Who is first in a room that no back end made moderates it; who comes again is what he was. */
function roleOf(room: RoomState, { moderates }: Join, earlier: Member | undefined): Member['role'] {
  const first = Object.keys(room.members).length === 0 && !room.hosted;
  return moderates || first || earlier?.role === 'moderator' ? 'moderator' : 'participant';
}

function admissionRefused(
  room: RoomState,
  event: Join,
  role: Member['role'],
  earlier: [string, Member] | undefined,
): Refused | undefined {
  if (earlier && room.options.identities === 'reject' && earlier[1].status === 'live') {
    return refused(Code.conflict, `${event.member.user} is in this room already`);
  }
  const others = Object.keys(room.members).length - (earlier ? 1 : 0);
  if (others >= room.options.capacity) return refused(Code.full, 'the room is full');
  const refusal = offerRefused(room, event, role) ?? metadataRefused(event.member.metadata);
  return refusal ?? (room.node || event.node ? undefined : noMediaNode());
}

function noMediaNode(): Refused {
  return refused(Code.noMediaNode, 'no media node is available: try again later');
}
