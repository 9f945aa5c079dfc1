import type { MetadataChanges, Role, RoomChanges, Source } from './types.ts';

/** What a moderator may have to say with an action. */
export interface ReasonOptions {
  /** Told to whom it concerns, as `description` of the `closed` event or the message of the error. At most 256 characters. */
  reason?: string;
}

/**
 * What moderators may do. Each resolves when it is done, and rejects with a `HyperroomError`: `forbidden` for who is no
 * moderator, `not-found` (the participant is not there), `bad-request`, `token-expired`, `too-fast`, `connection-lost`,
 * `timeout` (15 seconds).
 */
export interface Moderation {
  /** Removes a participant, for as long as the room lasts: it may not join again. */
  remove(participant: string, options?: ReasonOptions): Promise<void>;
  /** Has the media server pass on nothing of these sources, whatever the participant sends, now or later. */
  block(participant: string, ...sources: Source[]): Promise<void>;
  /** Lifts `block`. Sources that the participant has muted itself stay muted. */
  unblock(participant: string, ...sources: Source[]): Promise<void>;
  /** Lets in somebody who waits: one of `room.waiting`. */
  admit(participant: string): Promise<void>;
  /** Sends away somebody who waits. */
  refuse(participant: string, options?: ReasonOptions): Promise<void>;
  /** Makes somebody a moderator, or no longer one. */
  appoint(participant: string, role: Role): Promise<void>;
  /** Changes a participant's metadata: null deletes a key. */
  describe(participant: string, metadata: MetadataChanges): Promise<void>;
  /** Changes the room: what is given. */
  change(changes: RoomChanges): Promise<void>;
  /** Ends the room for everybody. */
  end(options?: ReasonOptions): Promise<void>;
}
