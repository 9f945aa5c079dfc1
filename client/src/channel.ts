import type { Emits } from './emitter.ts';
import type { Participant } from './participant.ts';
import type { DataMessage } from './types.ts';

/** Whom something that is sent is for. */
export interface SendOptions {
  /** Ids of the participants that it is for. Default: everyone else in the room. */
  to?: readonly string[];
}

/** Events of a channel, with the arguments of their listeners. */
export interface ChannelEvents<T> {
  /** Data of somebody else. `from` is undefined if it came from a back end, or its sender has left since: see `message.sender`. */
  message: [data: T, from: Participant | undefined, message: DataMessage];
}

/** Data of an application under one topic. `room.channel` makes one; it ends with the room. What is not valid is dropped, and each message comes once. */
export interface Channel<T = unknown> extends Emits<ChannelEvents<T>> {
  /** As it was given to `room.channel`. */
  readonly topic: string;
  /**
   * Sends data: JSON of at most 8 KiB. Resolves when the server has passed it on.
   *
   * Rejects with a `HyperroomError`: `bad-request` (too large, or no JSON), `forbidden`, `not-found` (one of `to` is not
   * there: nobody gets it), `token-expired`, `too-fast`, `connection-lost`, `timeout` (15 seconds).
   */
  send(data: T, options?: SendOptions): Promise<DataMessage>;
}
