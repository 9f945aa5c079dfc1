import { PublicationName, type Roster, type RosterPublication } from '@hyperroom/protocol';
import {
  type Member,
  type Publication,
  type PublicationKey,
  publicationKeyOf,
  type RoomState,
  type StayKey,
  stayKeyOf,
} from './state.ts';

/** A publication as the roster has it. */
export interface Published extends RosterPublication {
  key: PublicationKey;
  name: PublicationName;
  participant: string;
  stay: StayKey;
  /** The participant's hyperty. */
  owner: string;
}

/** Where the media of a publication come from. */
export interface Feed {
  publisher: Member;
  leg: Publication;
}

/** What there is to be received in a room. */
export interface Supply {
  published: ReadonlyMap<PublicationKey, Published>;
  /** Those that the media server has not refused, the most important first. */
  ranked: readonly Published[];
  feeds: ReadonlyMap<PublicationKey, Feed>;
}

export function supplyOf({ roster, members }: Pick<RoomState, 'roster' | 'members'>): Supply {
  const published = publishedIn(roster);
  const feeds = new Map<PublicationKey, Feed>();
  const takeable: Published[] = [];
  for (const publication of published.values()) {
    const publisher = members.get(publication.stay);
    const leg = publisher && feedOf(publisher, publication);
    if (publisher && leg) feeds.set(publication.key, { publisher, leg });
    if (!isRefused(publisher, publication)) takeable.push(publication);
  }
  return { published, ranked: takeable.sort(byRank(roster.speakers)), feeds };
}

function publishedIn(roster: Roster): Map<PublicationKey, Published> {
  const published = new Map<PublicationKey, Published>();
  for (const [participant, { admitted, publications, hypertyURL: owner }] of Object.entries(roster.participants)) {
    const stay = stayKeyOf(participant, admitted);
    for (const name of PublicationName.options) {
      const publication = publications[name];
      const key = publicationKeyOf(stay, name);
      if (publication) published.set(key, { ...publication, key, name, participant, stay, owner });
    }
  }
  return published;
}

/**
 * One that is replaced goes on until the new one brings what it brings, or it is gone: nobody is to see a gap. A new one
 * that brings nothing, for there is nothing to be seen or heard, takes over when the client closes the other.
 */
function feedOf(publisher: Member, { name, connection, kinds }: Published): Publication | undefined {
  const answered = [...publisher.publications.values()].filter(
    (leg) => leg.name === name && leg.phase.name === 'answered',
  );
  const present = answered.find(({ url }) => url === connection);
  const replaced = answered.filter(({ url, connected }) => url !== connection && connected);
  const before = replaced.findLast(({ flowing }) => flowing.length > 0) ?? replaced.at(-1);
  if (!before || !present?.connected || present.flowing.length === 0) return before ?? present;
  const brought = before.flowing.filter((kind) => kinds.includes(kind));
  return brought.every((kind) => present.flowing.includes(kind)) ? present : before;
}

function isRefused(publisher: Member | undefined, { connection }: Published): boolean {
  if (!publisher) return false;
  return publisher.refused !== null || publisher.publications.get(connection)?.phase.name === 'failed';
}

/** Screens, then whoever spoke last, then whoever has been there for longest. */
function byRank(speakers: readonly string[]): (a: Published, b: Published) => number {
  const spoke = new Map(speakers.map((id, nth) => [id, nth]));
  const rank = ({ name, participant }: Published) =>
    name === 'screen' ? -1 : (spoke.get(participant) ?? speakers.length);
  return (a, b) => rank(a) - rank(b) || a.since - b.since || (a.key < b.key ? -1 : 1);
}
