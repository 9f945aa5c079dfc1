import { CHAT, idOf, TOPIC } from '@hyperroom/protocol';
import type { Channel, SendOptions } from './channel.ts';
import { type ChatMessage, chatOf } from './chat.ts';
import type { CloseReason } from './closing.ts';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import type { DataMessages } from './data-messages.ts';
import { Emitter } from './emitter.ts';
import { HyperroomError } from './errors.ts';
import type { RoomStats } from './insight/stats.ts';
import { Measuring } from './measuring.ts';
import type { Moderation } from './moderation.ts';
import type { LocalParticipant, Participant, RemoteParticipant, WaitingParticipant } from './participant.ts';
import { Player } from './playback.ts';
import { Presence } from './presence.ts';
import type { ChannelOptions, Room } from './room.ts';
import { RoomChannel } from './room-channel.ts';
import type { Playback, RoomEvents, RoomState } from './room-events.ts';
import { RoomModeration } from './room-moderation.ts';
import { SpeakingNotice } from './speaking-notice.ts';
import type { DataMessage, Metadata, ResolvedRoomOptions, Source } from './types.ts';

/** What a room is made of. */
export interface RoomOf {
  conference: ConferenceHyperty;
  messages: DataMessages;
  /** What the local participant joined with. */
  stream: MediaStream | undefined;
  muted: readonly Source[];
}

/** A room as the conference has it. */
export class JoinedRoom extends Emitter<RoomEvents> implements Room {
  readonly id: string;
  readonly url: string;
  readonly moderation: Moderation;
  readonly #conference: ConferenceHyperty;
  readonly #presence: Presence;
  readonly #measuring: Measuring;
  readonly #player = new Player((playback) => this.emit('playbackChanged', playback));
  readonly #notice: SpeakingNotice;
  readonly #messages: DataMessages;
  #state: RoomState;

  constructor({ conference, messages, stream, muted }: RoomOf) {
    super();
    this.id = idOf(conference.roomUrl);
    this.url = conference.roomUrl;
    this.#conference = conference;
    this.#state = stateOf(conference);
    this.moderation = new RoomModeration(conference);
    this.#messages = messages;
    this.#measuring = new Measuring({
      conference,
      onSpeakers: () => this.#speakersChanged(),
      onQuality: (id, quality) => {
        const participant = this.#presence.find(id);
        if (participant) this.emit('connectionQualityChanged', quality, participant);
      },
    });
    const measured = this.#measuring;
    this.#notice = new SpeakingNotice(conference, () => measured.isSpeaking(conference.id));
    this.#presence = new Presence({ conference, measured, events: this, player: this.#player, stream, muted });
    conference.on('link', () => this.#look());
    conference.on('closed', (...why) => this.#close(...why));
    // Whoever awaits the join gets to listen before the first event.
    setTimeout(() => this.#begin());
  }

  get localParticipant(): LocalParticipant {
    return this.#presence.local;
  }

  get participants(): ReadonlyMap<string, RemoteParticipant> {
    return this.#presence.others;
  }

  get waiting(): ReadonlyMap<string, WaitingParticipant> {
    return this.#presence.waiting;
  }

  get activeSpeakers(): readonly Participant[] {
    return this.#measuring.speakers.flatMap((id) => this.#presence.find(id) ?? []);
  }

  get state(): RoomState {
    return this.#state;
  }

  get media(): 'ready' | 'waiting' {
    return this.#conference.room.data.media;
  }

  get playback(): Playback {
    return this.#player.playback;
  }

  get options(): ResolvedRoomOptions {
    return this.#conference.room.data.options;
  }

  get metadata(): Metadata {
    return this.#conference.room.data.metadata;
  }

  async sendChat(text: string, options: SendOptions = {}): Promise<ChatMessage> {
    const message = chatOf(await this.#messages.send(CHAT, text, options), this.localParticipant);
    if (!message) throw new HyperroomError('protocol-error', 'chat came back as something else');
    return message;
  }

  channel<T = unknown>(topic: string, { isValid = isAnything }: ChannelOptions<T> = {}): Channel<T> {
    const senderOf = ({ sender }: DataMessage) => this.#presence.find(sender?.id);
    if (!TOPIC.test(topic)) throw new HyperroomError('bad-request', 'a topic has 1 to 64 letters, digits or . _ -');
    return new RoomChannel<T>(topic, { messages: this.#messages, isValid, senderOf });
  }

  history(): Promise<readonly DataMessage[]> {
    return this.#messages.history();
  }

  startPlayback(): Promise<void> {
    return this.#player.start();
  }

  getStats(): Promise<RoomStats> {
    return this.#measuring.stats();
  }

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
      if (chat) this.emit('chatMessage', chat);
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
    this.emit('activeSpeakersChanged', this.activeSpeakers);
    this.#notice.look();
  }

  #close(reason: CloseReason, description?: string): void {
    this.#measuring.stop();
    this.#notice.stop();
    this.#presence.clear();
    this.#setState('closed');
    this.emit('closed', reason, ...(description === undefined ? [] : [description]));
    this.#messages.end();
    this.end();
  }

  #setState(state: RoomState): void {
    this.#state = state;
    this.emit('stateChanged', state);
  }
}

function stateOf({ isUp, room }: ConferenceHyperty): RoomState {
  return isUp && room.data.media === 'ready' ? 'connected' : 'reconnecting';
}

const isAnything = <T>(_: unknown): _ is T => true;
