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
import { remembered } from './sharing.ts';

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

export type BySource = Readonly<Record<Source, boolean>>;
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

export const viewOf = remembered((participant: Participant, isLocal: boolean): ParticipantView => {
  const { id, name, user, role, status, metadata, publications } = participant;
  const views = [...publications].map(([name, publication]) => [name, publicationView(publication)]);
  return {
    id,
    name,
    user,
    isLocal,
    role,
    status,
    metadata,
    muted: bySource((source) => participant.isMuted(source)),
    blocked: bySource((source) => participant.isBlocked(source)),
    publications: Object.fromEntries(views),
  };
});

function bySource(read: (source: Source) => boolean): BySource {
  return { microphone: read('microphone'), camera: read('camera'), screen: read('screen') };
}

function publicationView(publication: Publication | RemotePublication): PublicationView {
  const { name, sources, media } = publication;
  const { isSubscribed, isShown, isSeen, paused } = 'attach' in publication ? publication : ONE_S_OWN;
  return { name, sources, media, isSubscribed, isShown, isSeen, paused, publication };
}

const ONE_S_OWN = { isSubscribed: true, isShown: true, isSeen: true, paused: [] } as const;
