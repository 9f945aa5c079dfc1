import type { RoomData } from '@hyperroom/protocol';
import type { Shown } from './client/receivers.ts';
import type { OwnPublication, SimulatedParticipant } from './client/simulated-participant.ts';
import type { Feed } from './engine/counting-engine.ts';

/** Somebody in the room, and what he knows of it. */
export type Witness = Pick<SimulatedParticipant, 'id' | 'name' | 'replica' | 'receivers' | 'publications' | 'others'>;

/**
 * What is still to come until all agree: everybody knows the same room, all that is published in it has arrived, everybody
 * is shown as much as the room's `lastN` allows, and has just that linked to it at the media server.
 */
export function disagreement(present: readonly Witness[], feeds: readonly Feed[]): string | undefined {
  const published = new Map(
    present.flatMap(({ id, publications }) =>
      [...publications].map(([name, publication]): [Shown, OwnPublication] => [`${id}/${name}`, publication]),
    ),
  );
  const fed = new Map(feeds.map((feed) => [feed.to, feed]));
  return (
    versions(present) ?? arrivals(present, published) ?? present.map((one) => shown(one, published, fed)).find(Boolean)
  );
}

type Published = ReadonlyMap<Shown, OwnPublication>;

function versions(present: readonly Witness[]): string | undefined {
  const newest = Math.max(...present.map(({ replica }) => replica.room.version));
  const late = present.find(({ replica }) => replica.room.version < newest);
  if (!late) return undefined;
  const { room, early } = late.replica;
  return `${late.name} knows version ${room.version} of ${newest}, and already ${early.join(', ') || 'nothing'} of later ones`;
}

function arrivals([first]: readonly Witness[], published: Published): string | undefined {
  if (!first) return undefined;
  const connected = new Set(connectedIn(first.replica.room.data));
  const missing = [...published.keys()].find((publication) => !connected.has(publication));
  if (missing) return `${missing} has not arrived`;
  return connected.size > published.size
    ? `the room has ${connected.size} publications, not ${published.size}`
    : undefined;
}

function connectedIn({ participants }: RoomData): Shown[] {
  return Object.entries(participants).flatMap(([id, { publications }]) =>
    Object.entries(publications).flatMap(([name, { media } = {}]) =>
      media === 'connected' ? [`${id}/${name}` as Shown] : [],
    ),
  );
}

function shown(
  { name, replica, receivers, others }: Witness,
  published: Published,
  fed: ReadonlyMap<string, Feed>,
): string | undefined {
  const { showing } = receivers;
  const expected = Math.min(replica.room.data.options.lastN, others.length);
  const distinct = new Set(showing.map(({ publication }) => publication)).size;
  if (distinct !== expected || showing.length !== expected)
    return `${name} is shown ${distinct} of ${expected} publications`;
  const unfed = showing.find(({ publication, ufrag }) => !isFed(published.get(publication), fed.get(ufrag)));
  return unfed && `${name} has been told that it is shown ${unfed.publication}, and is not`;
}

/** Whether all kinds of a publication are linked to the receiver that is to show it. */
function isFed(publication: OwnPublication | undefined, feed: Feed | undefined): boolean {
  return publication?.kinds.every((kind) => feed?.[kind] === publication.offer.ufrag) ?? false;
}
