import {
  CHAT,
  type DataMessage,
  idOf,
  type Metadata,
  type ResolvedRoomOptions,
  type Source,
  Topic,
} from '@hyperroom/protocol';
import { Channel, type SendOptions } from './channel.ts';
import { type ChatMessage, chatOf } from './chat.ts';
import { checked } from './checked.ts';
import type { CloseReason } from './closing.ts';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import type { DataMessages } from './data-messages.ts';
import { Emitter } from './emitter.ts';
import { HyperroomError } from './errors.ts';
import type { RoomStats } from './insight/stats.ts';
import { Measuring } from './measuring.ts';
import { Moderation } from './moderation.ts';
import type { LocalParticipant, Participant, RemoteParticipant, WaitingParticipant } from './participant.ts';
import { Presence } from './presence.ts';
import type { RoomEvents, RoomState } from './room-events.ts';
import { SpeakingNotice } from './speaking-notice.ts';

export interface ChannelOptions<T> {
  /** Whether data are what the channel is for: what is not is dropped. Default: everything is. */
  isValid?: (data: unknown) => data is T;
}

/** What a room is made of. */
export interface RoomOf {
  conference: ConferenceHyperty;
  messages: DataMessages;
  /** What the local participant joined with. */
  stream: MediaStream | undefined;
  muted: readonly Source[];
}

/** A room that this page is in. `Hyperroom.join` makes one. */
export class Room implements AsyncDisposable {
  /** The room's id, as given to `join`. */
  readonly id: string;
  /** The room's address: that of a data object which the Syncher can observe. */
  readonly url: string;
  readonly moderation: Moderation;
  readonly #events = new Emitter<RoomEvents>();
  readonly #conference: ConferenceHyperty;
  readonly #presence: Presence;
  readonly #measuring: Measuring;
  readonly #notice: SpeakingNotice;
  readonly #messages: DataMessages;
  #state: RoomState;

  /** Use `Hyperroom.join`. */
  constructor({ conference, messages, stream, muted }: RoomOf) {
    this.id = idOf(conference.roomUrl);
    this.url = conference.roomUrl;
    this.#conference = conference;
    this.#state = stateOf(conference);
    this.moderation = new Moderation(conference);
    this.#messages = messages;
    this.#measuring = new Measuring({
      conference,
      onSpeakers: () => this.#speakersChanged(),
      onQuality: (id, quality) => {
        const participant = this.#presence.find(id);
        if (participant) this.#events.emit('connectionQualityChanged', quality, participant);
      },
    });
    const measured = this.#measuring;
    this.#notice = new SpeakingNotice(conference, () => measured.isSpeaking(conference.id));
    this.#presence = new Presence({ conference, measured, events: this.#events, stream, muted });
    conference.on('link', () => this.#look());
    conference.on('closed', (...why) => this.#close(...why));
    // Whoever awaits the join gets to listen before the first event.
    setTimeout(() => this.#begin());
  }

  get localParticipant(): LocalParticipant {
    return this.#presence.local;
  }

  /** The others in the room, by their id. */
  get participants(): ReadonlyMap<string, RemoteParticipant> {
    return this.#presence.others;
  }

  /** Who asks to be admitted, by id. */
  get waiting(): ReadonlyMap<string, WaitingParticipant> {
    return this.#presence.waiting;
  }

  /** Who speaks at the moment, loudest first; the local participant may be among them. */
  get activeSpeakers(): readonly Participant[] {
    return this.#measuring.speakers.flatMap((id) => this.#presence.find(id) ?? []);
  }

  get state(): RoomState {
    return this.#state;
  }

  /** `waiting`: no media server has a place for the room at the moment. Its media come back by themselves when one has. */
  get media(): 'ready' | 'waiting' {
    return this.#conference.room.data.media;
  }

  /** How the room is run. */
  get options(): ResolvedRoomOptions {
    return this.#conference.room.data.options;
  }

  /** What the application says of the room. */
  get metadata(): Metadata {
    return this.#conference.room.data.metadata;
  }

  /** Listens to an event until the returned function is called. */
  on<Name extends keyof RoomEvents>(name: Name, listener: (...args: RoomEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Writes to everyone else in the room, or to some. Resolves, with the message as the others get it in `chatMessage`, when the
   * server has passed it on. Rejects as `Channel.send` does.
   */
  async sendChat(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const message = chatOf(await this.#messages.send(CHAT, text, options), this.localParticipant);
    if (!message) throw new HyperroomError('protocol-error', 'chat came back as something else');
    return message;
  }

  /** Data of the application's own, under a topic of 1 to 64 letters, digits or `. _ -` (else throws `bad-request`). */
  channel<T = unknown>(topic: string, { isValid = isAnything }: ChannelOptions<T> = {}): Channel<T> {
    const senderOf = ({ sender }: DataMessage) => this.#presence.find(sender?.id);
    return new Channel<T>(checked(Topic, topic), { messages: this.#messages, isValid, senderOf });
  }

  /**
   * The messages to everyone that the room has kept (its option `history`), of chat (topic `chat`) and of all channels, oldest first.
   *
   * Rejects with a `HyperroomError`: `too-fast`, `connection-lost`, `timeout` (15 seconds).
   */
  history(): Promise<readonly DataMessage[]> {
    return this.#messages.history();
  }

  /** What has been sent and received so far over the connections that there are. */
  getStats(): Promise<RoomStats> {
    return this.#measuring.stats();
  }

  /** Leaves the room. Resolves when the server has taken note, within 2 seconds; rejects never. */
  async leave(): Promise<void> {
    await this.#conference.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  #begin(): void {
    if (this.#state === 'closed') return;
    this.#conference.on('changed', () => this.#follow());
    this.#messages.on('message', (message) => {
      const chat = chatOf(message, this.#presence.find(message.sender?.id));
      if (chat) this.#events.emit('chatMessage', chat);
    });
    this.#measuring.start();
    this.#follow();
    this.#messages.begin();
  }

  #follow(): void {
    if (this.#state === 'closed') return;
    this.#presence.follow();
    this.#notice.look();
    this.#look();
  }

  /** Whether all is well, or about to be. */
  #look(): void {
    const state = stateOf(this.#conference);
    if (this.#state !== 'closed' && this.#state !== state) this.#setState(state);
  }

  #speakersChanged(): void {
    this.#events.emit('activeSpeakersChanged', this.activeSpeakers);
    this.#notice.look();
  }

  #close(reason: CloseReason, description?: string): void {
    this.#measuring.stop();
    this.#notice.stop();
    this.#presence.clear();
    this.#setState('closed');
    this.#events.emit('closed', reason, ...(description === undefined ? [] : [description]));
  }

  #setState(state: RoomState): void {
    this.#state = state;
    this.#events.emit('stateChanged', state);
  }
}

function stateOf({ isUp, room }: ConferenceHyperty): RoomState {
  return isUp && room.data.media === 'ready' ? 'connected' : 'reconnecting';
}

const isAnything = <T>(_: unknown): _ is T => true;
