import { chatOf } from '../chat.ts';
import type { ChatMessage, DataMessage, Participant, Room, SendOptions } from '../index.ts';
import { Store, whileUsed } from './subscribing.ts';

/** What `useChat` gives. */
export interface Chat {
  /** What was written, oldest first: one's own too, and first of all what the room has kept (its option `history`). */
  readonly messages: readonly ChatMessage[];
  /** How many messages of others have come since `markRead`. What the room had kept from before does not count. */
  readonly unread: number;
  /** Writes to everyone else in the room, or to some: as `room.sendChat`, and it rejects as that does. */
  readonly send: (text: string, options?: SendOptions) => Promise<ChatMessage>;
  /** All that is in `messages` has been seen. */
  readonly markRead: () => void;
}

/** The chat of a room, for all of the components that show it. */
class ChatLog extends Store<Chat> {
  readonly #room: Room;

  constructor(room: Room) {
    const send = async (text: string, options?: SendOptions) => {
      const message = await room.sendChat(text, options);
      this.#add([message]);
      return message;
    };
    const markRead = () => {
      if (this.value.unread > 0) this.set({ ...this.value, unread: 0 });
    };
    super({ messages: [], unread: 0, send, markRead });
    this.#room = room;
  }

  /** Takes note of what is written, until the returned function is called. */
  readonly listen: () => () => void = whileUsed(() => {
    const stop = this.#room.on('chatMessage', (message) => this.#add([message], 1));
    if (this.#room.options.history > 0) this.#recall();
    return stop;
  });

  async #recall(): Promise<void> {
    // Without its past a chat still goes on.
    const kept = await this.#room.history().catch((): readonly DataMessage[] => []);
    this.#add(kept.flatMap((message) => chatOf(message, this.#senderOf(message)) ?? []));
  }

  #senderOf({ sender }: DataMessage): Participant | undefined {
    const { localParticipant, participants } = this.#room;
    return [localParticipant, ...participants.values()].find(({ id }) => id === sender?.id);
  }

  /** Those that are new, with which so many more are unread. */
  #add(messages: readonly ChatMessage[], unread = 0): void {
    const { value } = this;
    const added = messages.filter(({ id }) => !value.messages.some((known) => known.id === id));
    if (added.length === 0) return;
    const all = [...value.messages, ...added].sort((one, other) => +one.sent - +other.sent);
    this.set({ ...value, messages: all, unread: value.unread + unread });
  }
}

const logs = new WeakMap<Room, ChatLog>();

/** The one log of a room. */
export function chatLogOf(room: Room): ChatLog {
  const log = logs.get(room) ?? new ChatLog(room);
  logs.set(room, log);
  return log;
}
