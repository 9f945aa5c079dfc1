import type {
  MediaKind,
  MediaState,
  Metadata,
  MetadataChanges,
  Moderation,
  PublicationName,
  RoomOptions,
  Source,
} from '@hyperroom/protocol';
import type { Member } from '../room-state.ts';

/** What somebody wants to publish under a name. */
export interface Published {
  readonly connection: string;
  readonly kinds: readonly MediaKind[];
}

export type Publishing = Readonly<Partial<Record<PublicationName, Published>>>;

/** Who joins; what the room makes of it, such as its role, is not its own to say. */
export type Joiner = Pick<
  Member,
  | 'hypertyURL'
  | 'user'
  | 'name'
  | 'connectionId'
  | 'opened'
  | 'muted'
  | 'metadata'
  | 'subscribes'
  | 'joined'
  | 'joinedBy'
>;

export interface Join {
  readonly type: 'join';
  readonly id: string;
  readonly member: Joiner;
  readonly publishing: Publishing;
  /** Its token makes it a moderator of any room that it joins. */
  readonly moderates: boolean;
  /** The video codecs that all its offers have in common. Absent: none of them has video. */
  readonly codecs?: readonly string[];
  /** What the room becomes if there is none; absent: it is not to be created. */
  readonly options?: RoomOptions;
  readonly incarnation: string;
  /** For a room that nobody is in. Empty: there is no node to be had. */
  readonly node: string;
}

/** A participant, or somebody who waits, goes. Each condition that is given must hold, or nothing happens. */
export interface Leave {
  readonly type: 'leave';
  readonly id: string;
  readonly stay?: Stay;
  readonly connectionId?: string;
  /** The session's user: spares a read of whose the connection is. */
  readonly user?: string;
  readonly onlyIfDisconnected?: boolean;
}

/** One participation, as a media node refers to it. */
export interface Stay {
  readonly incarnation: string;
  readonly epoch: number;
  readonly admitted: number;
  readonly node: string;
}

/** The socket of a participant, or of somebody who waits, is gone. */
export interface Vanish {
  readonly type: 'vanish';
  readonly id: string;
  readonly connectionId: string;
}

/** Somebody who owns the participant's address now goes on with its stay. */
export interface Resume {
  readonly type: 'resume';
  readonly id: string;
  readonly connectionId: string;
  /** The session's. */
  readonly user: string;
  /** When its socket was opened, in milliseconds since the epoch: the latest one counts. */
  readonly opened: number;
  /** It says its join again, and is to be answered again. */
  readonly joins?: boolean;
}

interface OfPublication {
  readonly id: string;
  readonly stay: Stay;
  readonly publication: PublicationName;
  /** Another one under the same name is not meant. */
  readonly connection: string;
}

export interface MediaChange extends OfPublication {
  readonly type: 'media';
  readonly media: MediaState;
}

/** The media server could not answer a publication. */
export interface Unpublished extends OfPublication {
  readonly type: 'unpublished';
}

/** What a participant changes of itself: whatever is given. */
export interface SelfChange {
  readonly type: 'self';
  readonly id: string;
  readonly connectionId: string;
  readonly publishing: Publishing;
  readonly unpublish: readonly PublicationName[];
  readonly muted?: readonly Source[];
  readonly metadata?: MetadataChanges;
  readonly speaking: boolean;
  readonly codecs?: readonly string[];
}

export interface Moderate {
  readonly type: 'moderate';
  /** The moderator. Absent: a back end. */
  readonly by?: { readonly id: string; readonly connectionId: string };
  readonly moderation: Moderation;
}

/** Nobody has been there for the room's `emptyTimeout`. */
export interface Expire {
  readonly type: 'expire';
  readonly incarnation: string;
  readonly epoch: number;
  readonly node: string;
  readonly version: number;
}

/** What its node had of a room is gone, or no node had it: another takes it, or the same again. */
export interface Move {
  readonly type: 'move';
  readonly incarnation: string;
  readonly epoch: number;
  /** Where it was. Empty: nowhere. */
  readonly from: string;
  /** Empty: there is none to be had. */
  readonly node: string;
}

/** A back end makes a room. */
export interface Create {
  readonly type: 'create';
  readonly options: RoomOptions;
  readonly incarnation: string;
  readonly node: string;
}

export type RoomEvent =
  | Join
  | Leave
  | Vanish
  | Resume
  | MediaChange
  | Unpublished
  | SelfChange
  | Moderate
  | Expire
  | Move
  | Create;

/** Metadata as changes leave them: null deletes. */
export function changedMetadata(metadata: Metadata, changes: MetadataChanges): Metadata {
  const entries = Object.entries({ ...metadata, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
