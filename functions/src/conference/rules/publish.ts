import { Code, isCrowded, type PublicationName } from '@hyperroom/protocol';
import {
  type Member,
  type MemberPublication,
  type Publications,
  publicationsOf,
  type RoomState,
} from '../room-state.ts';
import { changedMetadata, type MediaChange, type SelfChange, type Unpublished } from './events.ts';
import { isStay, notHere } from './leave.ts';
import { metadataRefused, offerRefused, overfullRefused, unique, withPublished } from './members.ts';
import { changed, entryOf, type Outcome, refused } from './outcome.ts';

/** What a participant changes of itself. */
export function changeSelf(room: RoomState | undefined, event: SelfChange, now: string): Outcome {
  const member = room && entryOf(room.members, event.id);
  if (!room || !member) return notHere();
  if (member.connectionId !== event.connectionId) return refused(Code.forbidden, `${member.hypertyURL} is not yours`);
  const metadata = changedMetadata(member.metadata, event.metadata ?? {});
  const described = { ...room, ...withMember(room, event.id, { ...member, metadata }) };
  const refusal =
    offerRefused(room, event, member.role) ??
    metadataRefused(metadata) ??
    (event.metadata && overfullRefused(described));
  if (refusal) return refusal;
  return changed(room, now, (version) => {
    const kept = event.unpublish.reduce(withoutPublication, member.publications);
    const publications = withPublished(kept, event.publishing, version);
    const muted = event.muted ? unique(event.muted) : member.muted;
    const next = withMember(room, event.id, { ...member, publications, muted, metadata });
    return event.speaking ? { ...next, speakers: speakersOf({ ...room, ...next }, event.id) } : next;
  });
}

/** Who spoke last, where that decides who is shown. */
function speakersOf(room: RoomState, id: string): readonly string[] {
  const { lastN } = room.options;
  const publications = Object.values(room.members).map((member) => publicationsOf(member).length);
  if (room.speakers.includes(id) || !isCrowded(publications, lastN)) return room.speakers;
  return [id, ...room.speakers].slice(0, lastN);
}

/** The media server says how a publication fares. */
export function changeMedia(room: RoomState | undefined, event: MediaChange, now: string): Outcome {
  return ofPublication(room, event, (present, member, found) => {
    if (present.media === event.media) return { kind: 'unchanged', room: found };
    const publications = { ...member.publications, [event.publication]: { ...present, media: event.media } };
    return changed(found, now, () => withMember(found, event.id, { ...member, publications }));
  });
}

export function unpublish(room: RoomState | undefined, event: Unpublished, now: string): Outcome {
  return ofPublication(room, event, (_, member, found) => {
    const publications = withoutPublication(member.publications, event.publication);
    return changed(found, now, () => withMember(found, event.id, { ...member, publications }));
  });
}

/** What a node says of a publication counts while it is still the same one. */
function ofPublication(
  room: RoomState | undefined,
  event: MediaChange | Unpublished,
  then: (present: MemberPublication, member: Member, room: RoomState) => Outcome,
): Outcome {
  const member = room && entryOf(room.members, event.id);
  if (!room || !member) return notHere();
  const present = member.publications[event.publication];
  if (!isStay(room, member, event.stay) || present?.connection !== event.connection) return { kind: 'unchanged', room };
  return then(present, member, room);
}

function withoutPublication({ main, screen }: Publications, name: PublicationName): Publications {
  return { ...(main && name !== 'main' && { main }), ...(screen && name !== 'screen' && { screen }) };
}

function withMember(room: RoomState, id: string, member: Member): Partial<RoomState> {
  return { members: { ...room.members, [id]: member } };
}
