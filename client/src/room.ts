import type { Channel, SendOptions } from './channel.ts';
import type { ChatMessage } from './chat.ts';
import type { Emits } from './emitter.ts';
import type { RoomStats } from './insight/stats.ts';
import type { Moderation } from './moderation.ts';
import type { LocalParticipant, Participant, RemoteParticipant, WaitingParticipant } from './participant.ts';
import type { Playback, RoomEvents, RoomState } from './room-events.ts';
import type { DataMessage, Metadata, ResolvedRoomOptions } from './types.ts';

/** What a channel takes. */
export interface ChannelOptions<T> {
  /** Whether data are what the channel is for: what is not is dropped. Default: everything is. */
  isValid?: (data: unknown) => data is T;
}

/** A room that this page is in. `Hyperroom.join` makes one; it ends with its event `closed`. */
export interface Room extends Emits<RoomEvents>, AsyncDisposable {
  /** The room's id, as given to `join`. */
  readonly id: string;
  /** The room's address: that of a data object which the Syncher can observe. */
  readonly url: string;
  /** What moderators may do. */
  readonly moderation: Moderation;
  /** This page's own participant. */
  readonly localParticipant: LocalParticipant;
  /** The others in the room, by their id. */
  readonly participants: ReadonlyMap<string, RemoteParticipant>;
  /** Who asks to be admitted, by id. */
  readonly waiting: ReadonlyMap<string, WaitingParticipant>;
  /** Who speaks at the moment, loudest first; the local participant may be among them. */
  readonly activeSpeakers: readonly Participant[];
  /** Whether all is well, or about to be. */
  readonly state: RoomState;
  /** `waiting`: no media server has a place for the room at the moment. Its media come back by themselves when one has. */
  readonly media: 'ready' | 'waiting';
  /** `blocked`: something that is attached to an element waits for a click, and `startPlayback` in it. */
  readonly playback: Playback;
  /** How the room is run. */
  readonly options: ResolvedRoomOptions;
  /** What the application says of the room. */
  readonly metadata: Metadata;
  /**
   * Writes to everyone else in the room, or to some. Resolves, with the message as the others get it in `chatMessage`, when the
   * server has passed it on. Rejects as `Channel.send` does.
   */
  sendChat(text: string, options?: SendOptions): Promise<ChatMessage>;
  /** Data of the application's own, under a topic of 1 to 64 letters, digits or `. _ -` (else throws `bad-request`). */
  channel<T = unknown>(topic: string, options?: ChannelOptions<T>): Channel<T>;
  /**
   * The messages to everyone that the room has kept (its option `history`), of chat (topic `chat`) and of all channels, oldest first.
   *
   * Rejects with a `HyperroomError`: `too-fast`, `connection-lost`, `timeout` (15 seconds).
   */
  history(): Promise<readonly DataMessage[]>;
  /** Plays what waits for a click: call it in the listener of one. Resolves when it has been tried; rejects never: `playback` says what came of it. */
  startPlayback(): Promise<void>;
  /** What has been sent and received so far over the connections that there are. */
  getStats(): Promise<RoomStats>;
  /** Leaves the room; so does the end of `await using`. Resolves when the server has taken note, within 2 seconds; rejects never. */
  leave(): Promise<void>;
}
