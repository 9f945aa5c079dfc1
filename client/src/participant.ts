import type { Quality } from './insight/quality.ts';
import type { MediaKind, MediaState, Metadata, MetadataChanges, PublicationName, Role, Source } from './types.ts';

/** What a participant sends: its camera and microphone (`main`), or a shared screen (`screen`). Its properties follow the room. */
export interface Publication {
  /** `main`, or `screen`. */
  readonly name: PublicationName;
  /** What it brings: of `microphone` and `camera` those that there are, or `screen`. */
  readonly sources: readonly Source[];
  /** Whether it has reached the media server. */
  readonly media: MediaState;
  /** What is received of it at the moment, or sent, for `video.srcObject`: the same object as long as the publication lasts. */
  readonly stream: MediaStream;
  /** The tracks of `stream`. */
  readonly tracks: readonly MediaStreamTrack[];
}

/** Somebody in a room. Its properties follow the room while it is joined. */
export interface Participant {
  /** Unique in the room: the last segment of `hypertyUrl`. */
  readonly id: string;
  /** The address of its hyperty. */
  readonly hypertyUrl: string;
  /** The name it joined with. */
  readonly name: string;
  /** The user's URL: the same whenever, and from wherever, the bearer of the same token joins. */
  readonly user: string;
  /** Moderators may do what `room.moderation` offers. */
  readonly role: Role;
  /** `disconnected`: its connection is lost, and it may yet come back. */
  readonly status: 'live' | 'disconnected';
  /** What the application says of it, in words of its own. */
  readonly metadata: Metadata;
  /** When it joined. */
  readonly joined: Date;
  /** What it publishes, by name. */
  readonly publications: ReadonlyMap<PublicationName, Publication>;
  /** Whether others get nothing of a source: it has muted it itself, or a moderator has blocked it. Says nothing of whether it publishes that at all. */
  isMuted(source: Source): boolean;
  /** Whether a moderator has muted a source: the participant cannot undo that. */
  isBlocked(source: Source): boolean;
  /** Whether it speaks at the moment. Always false of who is not received. */
  readonly isSpeaking: boolean;
  /** How loud it is at the moment, from 0 to 1. */
  readonly audioLevel: number;
  /** How well its media arrive here; of the local participant, how well its own are sent. */
  readonly quality: Quality;
  /** Of `main`, for `video.srcObject`: the same object as long as the participant stays, whether or not it publishes. */
  readonly stream: MediaStream;
  /** The tracks of `stream`. */
  readonly tracks: readonly MediaStreamTrack[];
}

/** What somebody else sends. */
export interface RemotePublication extends Publication {
  /** Whether this participant wants it: by its own choice, or because it joined with `subscribe: 'auto'`. */
  readonly isSubscribed: boolean;
  /** Whether it is received: false until a connection shows it, and while others take up the room's `lastN`. */
  readonly isShown: boolean;
  /** The kinds of media that the application has paused. */
  readonly paused: readonly MediaKind[];
  /** False while it is attached and nobody can see it: the server then sends no picture, until somebody can. */
  readonly isSeen: boolean;
  /** Wants it, before those that nobody chose. It comes with `trackAdded`. */
  subscribe(): void;
  /** Does not want it: its connection is given back. */
  unsubscribe(): void;
  /** Has the server send nothing of these kinds for now; the connection and the tracks stay. Default: both kinds. */
  pause(...kinds: readonly MediaKind[]): void;
  /** Undoes `pause`; the next picture comes within a second. Default: both kinds. */
  resume(...kinds: readonly MediaKind[]): void;
  /**
   * Shows it in an element, by `srcObject`, and plays it: a browser that wants a click first makes `room.playback` `blocked`. While
   * nobody can see the picture (scrolled away, hidden, not in the document, the page in the background) `isSeen` is false and the server
   * sends none; sound goes on. Of several elements it is enough that one is seen.
   *
   * Ends when the returned function is called.
   */
  attach(element: HTMLVideoElement): () => void;
}

/** Somebody else in the room. */
export interface RemoteParticipant extends Participant {
  /** What it publishes, by name. */
  readonly publications: ReadonlyMap<PublicationName, RemotePublication>;
}

/** How something is published. */
export interface PublishOptions {
  /** Under which name. What one publishes already by that name is replaced. Default `main`. */
  as?: PublicationName;
  /** The most that its video takes, in kbit/s. Default, and at the most: the room's `maxBitrate`. */
  maxBitrate?: number;
}

/** What this page sends. */
export interface LocalPublication extends Publication {
  /** The peer connection's senders of its tracks, for what this SDK does not offer. */
  readonly senders: readonly RTCRtpSender[];
}

/**
 * This page's own participant. What its methods change others see as soon as they resolve; they reject with a `HyperroomError`: `forbidden`
 * (the token, or the room's moderators, do not allow it), `token-expired`, `too-fast`, `connection-lost`, `timeout` (15 seconds).
 */
export interface LocalParticipant extends Participant {
  /** What it publishes, by name. */
  readonly publications: ReadonlyMap<PublicationName, LocalPublication>;
  /**
   * Publishes the first audio and the first video track of a stream, which stay the caller's to stop. Sources that are muted
   * stay so. A screen whose sharing the user ends in the browser is unpublished by itself.
   *
   * Rejects as all methods do, and with `bad-request` if there is no track, `codec-unsupported`.
   */
  publish(stream: MediaStream, options?: PublishOptions): Promise<LocalPublication>;
  /** Publishes it no longer; nothing happens if it was not. The tracks go on: they are the caller's to stop. */
  unpublish(name: PublicationName): Promise<void>;
  /**
   * Sends another track, or nothing (null), from a source that is published: another camera, say. Nobody is told, nothing is
   * negotiated. Of a screen with sound the track's kind says which is meant; null: the picture.
   *
   * Rejects with `not-found` if that is not published; to add a source, publish anew.
   */
  replaceTrack(source: Source, track: MediaStreamTrack | null): Promise<void>;
  /** Mutes sources, published or not: from this moment on silence and black pictures are sent, and others are told. */
  mute(...sources: readonly Source[]): Promise<void>;
  /** Unmutes sources. Rejects with `forbidden`, and changes nothing, if a moderator has blocked one of them. */
  unmute(...sources: readonly Source[]): Promise<void>;
  /** Changes its metadata: null deletes a key. At most 1 KiB as JSON: else `bad-request`. */
  setMetadata(changes: MetadataChanges): Promise<void>;
}

/** Somebody who asks to be admitted: `room.moderation.admit(id)`. */
export interface WaitingParticipant {
  /** For `room.moderation.admit` and `refuse`. */
  readonly id: string;
  /** The address of its hyperty. */
  readonly hypertyUrl: string;
  /** The name it wants to join with. */
  readonly name: string;
  /** The user's URL. */
  readonly user: string;
  /** When it began to wait. */
  readonly since: Date;
}
