import type { MediaState, Metadata, PublicationName, ResolvedRoomOptions, Role, Source } from '../types.ts';

/** Of a call of the HTTP API. */
export interface CallOptions {
  /** Aborts the call: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A room, as the HTTP API tells of it and as it is observed with a Syncher: a data object. */
export interface Room {
  /** `comm://<domain>/<id>`. */
  url: string;
  /** The conference that alone changes it. */
  reporter: string;
  schema?: string | undefined;
  name?: string | undefined;
  /** Rises by one with each change. */
  version: number;
  /** ISO 8601, as are all times here. */
  created: string;
  lastModified: string;
  data: RoomData;
}

/** What there is to know of a room. */
export interface RoomData {
  startingTime: string;
  status: 'open' | 'closed';
  /** Rises whenever the room's media begin anew, on another media server or the same. */
  epoch: number;
  /** `waiting`: there is no media server for it at the moment. */
  media: 'ready' | 'waiting';
  /** How it is run. */
  options: ResolvedRoomOptions;
  /** What the application says of it. */
  metadata: Metadata;
  /** Ids of those who spoke last, latest first, in a room where others publish more than `lastN`. */
  speakers: string[];
  /** By their ids. */
  participants: Record<string, Participant>;
  /** Who asks to be admitted, by their ids. */
  waiting: Record<string, WaitingParticipant>;
}

/** Who somebody is. */
export interface Identity {
  /** The name that others see. */
  name: string;
  /** The user's URL. */
  user: string;
}

/** Somebody in a room. */
export interface Participant {
  hypertyURL: string;
  domain: string;
  identity: Identity;
  role: Role;
  /** `disconnected`: its connection is lost, and it may yet come back. */
  status: 'live' | 'disconnected';
  /** What it publishes, by name. */
  publications: Partial<Record<PublicationName, Publication | undefined>>;
  /** What it has muted itself. Whether it publishes that at the moment is another matter. */
  muted: Source[];
  /** What a moderator, or a back end, has muted. */
  blocked: Source[];
  /** What the application says of it. */
  metadata: Metadata;
  joined: string;
}

/** What a participant sends. */
export interface Publication {
  /** The address of the connection that carries it. */
  connection: string;
  sources: Source[];
  /** Whether it has reached the media server. */
  media: MediaState;
}

/** Somebody who asks to be admitted. */
export interface WaitingParticipant {
  hypertyURL: string;
  identity: Identity;
  since: string;
}

/** Who is in a room, and who waits to be admitted, by their ids. */
export interface Participants {
  participants: Record<string, Participant>;
  waiting: Record<string, WaitingParticipant>;
}

/** What an invited participant needs. */
export interface Invitation {
  token: string;
  /** When the token does, in ISO 8601. */
  expires: string;
  /** The URL that the SDK connects to. */
  signalling: string;
}

/** A message to send. */
export interface NewData {
  /** `chat`, or the topic of a channel. */
  topic: string;
  /** Anything that JSON can say, at most 8 KiB. */
  data: unknown;
  /** Ids of the participants that it is for. Default: everyone. */
  to?: string[] | undefined;
}

/** `participant`, `server`: a back end, `media-node`: a media agent. */
export type TokenRole = 'participant' | 'media-node' | 'server';

/** What a token says: `sub` is the user's URL. */
export interface TokenClaims {
  sub: string;
  name?: string | undefined;
  /** What its participant's metadata are to begin with. */
  metadata?: Metadata | undefined;
  role: TokenRole;
  grants?: Grants | undefined;
}

/** What a token allows. */
export interface Grants {
  /** A room id, or a pattern with `*`. */
  room: string;
  create: boolean;
  /** Everything, nothing, or what comes from these sources. */
  publish: boolean | Source[];
  subscribe: boolean;
  /** Sending chat and application data. */
  data: boolean;
  /** Is a moderator of the rooms it joins; as a back end, of all that `room` covers. */
  moderate: boolean;
}

/** The room that something has happened in. */
export interface RoomRef {
  id: string;
  url: string;
  /** One life of a room id. */
  incarnation: string;
  metadata: Metadata;
}

/** The participant that something has happened to. */
export interface ParticipantRef {
  id: string;
  hypertyURL: string;
  identity: Identity;
  role: Role;
  metadata: Metadata;
  joined: string;
}

/** What was published. */
export interface PublicationRef {
  name: PublicationName;
  sources: Source[];
}

/** Of every event. */
export interface Happened {
  /** The same for each delivery of the same event. */
  id: string;
  time: string;
  room: RoomRef;
}

/** What happens in rooms. `left`: by itself; `lost`: its connection, for good. */
export type LifecycleEvent =
  | (Happened & { event: 'room.started' | 'room.ended' })
  | (Happened & { event: 'participant.joined'; participant: ParticipantRef })
  | (Happened & {
      event: 'participant.left';
      participant: ParticipantRef;
      reason: 'left' | 'lost' | 'removed' | 'replaced' | 'ended';
    })
  | (Happened & {
      event: 'publication.started' | 'publication.ended';
      participant: ParticipantRef;
      publication: PublicationRef;
    });
