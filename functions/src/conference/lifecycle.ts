import { idOf, type LifecycleEvent, type PublicationName } from '@hyperroom/protocol';
import { type Member, publicationsOf, type RoomState, sourcesPublished } from './room-state.ts';
import type { RoomEvent } from './rules/events.ts';
import { entryOf } from './rules/outcome.ts';

type Told = LifecycleEvent extends infer E
  ? E extends LifecycleEvent
    ? Omit<E, 'id' | 'time' | 'room'>
    : never
  : never;
type Departure = Extract<LifecycleEvent, { event: 'participant.left' }>['reason'];

/** What back ends are told of a change, in the order that it happened in. `after` without a room: that life is over. */
export function lifecycleOf(
  before: RoomState | undefined,
  after: { readonly room: RoomState; readonly destroyed: boolean },
  event: RoomEvent,
): LifecycleEvent[] {
  const { room, destroyed } = after;
  const told: Told[] = [
    ...(before ? [] : [{ event: 'room.started' as const }]),
    ...Object.entries(before?.members ?? {}).flatMap(([id, member]) =>
      entryOf(room.members, id) ? [] : gone(id, member, departureBy(event)),
    ),
    ...Object.entries(room.members).flatMap(([id, member]) => here(id, before && entryOf(before.members, id), member)),
    ...(destroyed ? [{ event: 'room.ended' as const }] : []),
  ];
  const { incarnation, url, metadata, version, lastModified } = room;
  return told.map((what, index) => ({
    ...what,
    // The same change yields the same ids, whoever tells of it and however often.
    id: `${incarnation}.${version}.${index}`,
    time: lastModified,
    room: { id: idOf(url), url, incarnation, metadata },
  }));
}

function departureBy(event: RoomEvent): Departure {
  if (event.type === 'join') return 'replaced';
  if (event.type === 'leave') return event.stay ? 'lost' : 'left';
  return event.type === 'moderate' && event.moderation.action === 'remove' ? 'removed' : 'ended';
}

function gone(id: string, member: Member, reason: Departure): Told[] {
  const participant = reference(id, member);
  return [
    ...publicationsOf(member).map(([name]) => ofPublication('publication.ended', id, member, name)),
    { event: 'participant.left', participant, reason },
  ];
}

function here(id: string, before: Member | undefined, member: Member): Told[] {
  const ended = (before ? publicationsOf(before) : []).filter(
    ([name, { connection }]) => member.publications[name]?.connection !== connection,
  );
  const started = publicationsOf(member).filter(
    ([name, { connection }]) => before?.publications[name]?.connection !== connection,
  );
  return [
    ...(before ? [] : [{ event: 'participant.joined' as const, participant: reference(id, member) }]),
    ...(before ? ended.map(([name]) => ofPublication('publication.ended', id, before, name)) : []),
    ...started.map(([name]) => ofPublication('publication.started', id, member, name)),
  ];
}

function ofPublication(
  event: 'publication.started' | 'publication.ended',
  id: string,
  member: Member,
  name: PublicationName,
): Told {
  return { event, participant: reference(id, member), publication: { name, sources: sourcesPublished(member, name) } };
}

function reference(id: string, { hypertyURL, name, user, role, metadata, joined }: Member) {
  return { id, hypertyURL, identity: { name, user }, role, metadata, joined };
}
