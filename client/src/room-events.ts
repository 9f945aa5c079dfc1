import type { ChatMessage } from './chat.ts';
import type { CloseReason } from './closing.ts';
import type { Quality } from './insight/quality.ts';
import type { Participant, Publication, RemoteParticipant, RemotePublication } from './participant.ts';
import type { Source } from './types.ts';

/**
 * `reconnecting`: the signalling connection is lost, or the room's media have no server for now: either is seen to, and what one asks
 * meanwhile waits. `closed`: no longer in the room, for good.
 */
export type RoomState = 'connected' | 'reconnecting' | 'closed';

/** `blocked`: the browser plays nothing that has sound until its user has clicked somewhere. */
export type Playback = 'allowed' | 'blocked';

/** Who has muted a source, or kept it muted: `moderator` if a moderator has blocked it. */
export interface Muting {
  /** The participant itself, or a moderator. */
  by: 'self' | 'moderator';
}

/**
 * Events of a room, with the arguments of their listeners. Who was in the room before the join, and what they publish, is in
 * `participants` without an event.
 */
export interface RoomEvents {
  /** Somebody has come. */
  participantJoined: [participant: RemoteParticipant];
  /** Somebody has gone. */
  participantLeft: [participant: RemoteParticipant];
  /** Anything that the room says of it changed; the local participant's too. More precise events come along. */
  participantUpdated: [participant: Participant];
  /** A publication has begun; the local participant's too. What is received of it comes with `trackAdded`. */
  publicationAdded: [publication: Publication, participant: Participant];
  /** A publication has ended; the local participant's too. */
  publicationRemoved: [publication: Publication, participant: Participant];
  /** A track of somebody else can be played. */
  trackAdded: [track: MediaStreamTrack, participant: RemoteParticipant, publication: RemotePublication];
  /** It ended, or others take its place in the room's `lastN`: then the same track is added to one of theirs. */
  trackRemoved: [track: MediaStreamTrack, participant: RemoteParticipant, publication: RemotePublication];
  /** `isSubscribed`, `isShown`, `paused` or `isSeen` of it changed. */
  subscriptionChanged: [publication: RemotePublication, participant: RemoteParticipant];
  /** Others get nothing of a source from now on; the local participant's too. */
  muted: [source: Source, participant: Participant, how: Muting];
  /** `by`: whose muting it was that lasted until now. */
  unmuted: [source: Source, participant: Participant, how: Muting];
  /** What the application says of a participant changed. */
  metadataChanged: [participant: Participant];
  /** Somebody was made a moderator, or is one no longer. */
  roleChanged: [participant: Participant];
  /** `room.options` or `room.metadata` changed. */
  roomChanged: [];
  /** `room.waiting` changed. */
  waitingChanged: [];
  /** `room.activeSpeakers` changed: somebody begins or ceases to speak, or is louder than another. */
  activeSpeakersChanged: [speakers: readonly Participant[]];
  /** `quality` of a participant changed. */
  connectionQualityChanged: [quality: Quality, participant: Participant];
  /** Somebody else, or a back end, has written. */
  chatMessage: [message: ChatMessage];
  /** `room.state` changed. */
  stateChanged: [state: RoomState];
  /** What is attached may be heard, or may not without a click: see `room.startPlayback`. */
  playbackChanged: [playback: Playback];
  /** The last event of a room. `description` is what a moderator had to say. */
  closed: [reason: CloseReason, description?: string];
}
