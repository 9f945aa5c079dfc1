import type {
  MediaKind,
  MediaState,
  Metadata,
  Participant,
  Publication,
  PublicationName,
  RemotePublication,
  Role,
  Source,
} from '../index.ts';
import { pick, record, remembered } from './sharing.ts';

/** A publication as it is at one moment. */
export interface PublicationView {
  readonly name: PublicationName;
  readonly sources: readonly Source[];
  readonly media: MediaState;
  /** Of the local participant's own: always true, as are `isShown` and `isSeen`. */
  readonly isSubscribed: boolean;
  readonly isShown: boolean;
  readonly isSeen: boolean;
  readonly paused: readonly MediaKind[];
  /** For `<Video>`, and for what can be done to it. */
  readonly publication: Publication;
}

/** Yes or no, for each source. */
export type BySource = Readonly<Record<Source, boolean>>;
/** What a participant publishes, by name. */
export type PublicationViews = { readonly [Name in PublicationName]?: PublicationView };

/** A participant as it is at one moment. */
export interface ParticipantView {
  readonly id: string;
  readonly name: string;
  readonly user: string;
  readonly isLocal: boolean;
  readonly role: Role;
  readonly status: Participant['status'];
  readonly metadata: Metadata;
  /** Whether others get nothing of a source. */
  readonly muted: BySource;
  /** Whether a moderator has muted a source. */
  readonly blocked: BySource;
  /** What it publishes, by name: `main`, `screen`. */
  readonly publications: PublicationViews;
}

export const SOURCES = ['microphone', 'camera', 'screen'] as const;

export const viewOf = remembered((participant: Participant): ParticipantView => {
  const { publications } = participant;
  return {
    ...pick(participant, 'id', 'name', 'user', 'role', 'status', 'metadata'),
    isLocal: 'replaceTrack' in participant,
    muted: record(SOURCES, (source) => participant.isMuted(source)),
    blocked: record(SOURCES, (source) => participant.isBlocked(source)),
    publications: Object.fromEntries(Array.from(publications, ([name, each]) => [name, publicationView(each)])),
  };
});

function publicationView(publication: Publication | RemotePublication): PublicationView {
  return {
    ...pick(publication, 'name', 'sources', 'media'),
    ...('attach' in publication ? pick(publication, 'isSubscribed', 'isShown', 'isSeen', 'paused') : ONE_S_OWN),
    publication,
  };
}

const ONE_S_OWN = { isSubscribed: true, isShown: true, isSeen: true, paused: [] } as const;
