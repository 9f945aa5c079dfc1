import { chatOf } from '../chat.ts';
import type { ChatMessage, DataMessage, Room, SendOptions } from '../index.ts';
import { Store, whileUsed } from './subscribing.ts';

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
class ChatLog {
  readonly chat: Store<Chat>;
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
    const send = async (text: string, options?: SendOptions) => {
      const message = await room.sendChat(text, options);
      this.#add([message]);
      return message;
    };
    this.chat = new Store<Chat>({ messages: [], unread: 0, send, markRead: () => this.#setUnread(0) });
  }

  /** Takes note of what is written, until the returned function is called. */
  readonly listen: () => () => void = whileUsed(() => {
    const stop = this.#room.on('chatMessage', (message) => {
      if (this.#add([message])) this.#setUnread(this.chat.value.unread + 1);
    });
    if (this.#room.options.history > 0) this.#recall();
    return stop;
  });

  async #recall(): Promise<void> {
    // Without its past a chat still goes on.
    const kept = await this.#room.history().catch((): readonly DataMessage[] => []);
    this.#add(kept.flatMap((message) => chatOf(message, this.#senderOf(message)) ?? []));
  }

  #senderOf({ sender }: DataMessage) {
    const { localParticipant, participants } = this.#room;
    return sender?.id === localParticipant.id ? localParticipant : participants.get(sender?.id ?? '');
  }

  /** Whether any of them is new. */
  #add(messages: readonly ChatMessage[]): boolean {
    const { value } = this.chat;
    const added = messages.filter(({ id }) => !value.messages.some((known) => known.id === id));
    const all = [...value.messages, ...added].sort((one, other) => Number(one.sent) - Number(other.sent));
    if (added.length > 0) this.chat.set({ ...value, messages: all });
    return added.length > 0;
  }

  #setUnread(unread: number): void {
    const { value } = this.chat;
    if (unread !== value.unread) this.chat.set({ ...value, unread });
  }
}

const logs = new WeakMap<Room, ChatLog>();

/** The one log of a room. */
export function chatLogOf(room: Room): ChatLog {
  const log = logs.get(room) ?? new ChatLog(room);
  logs.set(room, log);
  return log;
}
