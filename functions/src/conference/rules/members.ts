import { Code, MAX_METADATA_BYTES, MAX_ROOM_BYTES, type Metadata, type Source } from '@hyperroom/protocol';
import { isAnonymous } from '../../messaging-node/session.ts';
import { type Member, mapPublications, type Publications, type RoomState, roomObject } from '../room-state.ts';
import type { Publishing } from './events.ts';
import { type Refused, refused, withoutEntry } from './outcome.ts';

/* What several rules do with members. */

/** The room without a member: its role handed over if it was the last to have it. */
export function without(room: RoomState, id: string, now: string): Partial<RoomState> {
  const others = withoutEntry(room.members, id);
  const lasts = Object.keys(others).length === 0 && room.options.emptyTimeout > 0;
  return {
    members: room.members[id]?.role === 'moderator' && !room.hosted ? withModerator(others) : others,
    speakers: room.speakers.filter((speaker) => speaker !== id),
    ...(lasts && { emptyUntil: Date.parse(now) + room.options.emptyTimeout * 1000 }),
  };
}

/** The one longest there, of those with a socket if there are any, becomes moderator where nobody is. */
function withModerator(members: RoomState['members']): RoomState['members'] {
  const entries = Object.entries(members);
  if (entries.some(([, { role }]) => role === 'moderator')) return members;
  const [heir] = entries.sort(([, a], [, b]) => away(a) - away(b) || a.admitted - b.admitted);
  return heir ? { ...members, [heir[0]]: { ...heir[1], role: 'moderator' } } : members;
}

const away = ({ status }: Member) => (status === 'live' ? 0 : 1);

/** Who a token says is the same user. Without one, everybody is somebody else. */
export function sameUser(room: RoomState, user: string): [string, Member] | undefined {
  if (isAnonymous(user)) return undefined;
  return Object.entries(room.members).find(([, member]) => member.user === user);
}

/** Published anew under a name it is another publication in the place of the one before; what is there already stays as it is. */
export function withPublished(publications: Publications, publishing: Publishing, version: number): Publications {
  const added = mapPublications(publishing, (published, name) => {
    const present = publications[name];
    if (present?.connection === published.connection) return present;
    return { ...published, media: 'connecting' as const, since: present?.since ?? version };
  });
  return { ...publications, ...added };
}

export function isPublishing(publishing: Publishing): boolean {
  return publishing.main !== undefined || publishing.screen !== undefined;
}

export function unique(sources: readonly Source[]): Source[] {
  return [...new Set(sources)];
}

/** What forbids an offer: the room has one codec, and may let moderators alone publish. */
export function offerRefused(
  { options }: RoomState,
  { publishing, codecs }: { readonly publishing: Publishing; readonly codecs?: readonly string[] },
  role: Member['role'],
): Refused | undefined {
  if (options.publishers === 'moderators' && role !== 'moderator' && isPublishing(publishing)) {
    return refused(Code.forbidden, 'only moderators publish in this room');
  }
  if (codecs && !codecs.includes(options.codec)) {
    return refused(Code.notAcceptable, `the video of this room is ${options.codec}`, { codec: options.codec });
  }
  return undefined;
}

export function metadataRefused(metadata: Metadata): Refused | undefined {
  const size = sizeOf(metadata);
  if (size <= MAX_METADATA_BYTES) return undefined;
  return refused(Code.badRequest, `metadata has at most ${MAX_METADATA_BYTES} bytes as JSON`);
}

/** The object of a room has to fit the messages that carry it, whatever everybody says of himself. */
export function overfullRefused(room: RoomState): Refused | undefined {
  if (sizeOf(roomObject(room, '')) <= MAX_ROOM_BYTES) return undefined;
  return refused(Code.full, 'the room is full: what is said of it and of those in it takes up all there is');
}

/** Bytes as JSON. */
const sizeOf = (value: object) => new TextEncoder().encode(JSON.stringify(value)).length;
