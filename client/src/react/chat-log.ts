import { chatOf as chatIn } from '../chat.ts';
import type { ChatMessage, DataMessage, Room, SendOptions } from '../index.ts';
import { whileUsed } from './subscribing.ts';

export interface Chat {
  /** What was written, oldest first: one's own too, and first of all what the room has kept (its option `history`). */
  readonly messages: readonly ChatMessage[];
  /** How many messages of others have come since `markRead`. What the room had kept from before does not count. */
  readonly unread: number;
  /** As `room.sendChat`: it rejects as that does. */
  readonly send: (text: string, options?: SendOptions) => Promise<ChatMessage>;
  /** All that is in `messages` has been seen. */
  readonly markRead: () => void;
}

/** The chat of a room, for all of the components that show it. */
export class ChatLog {
  readonly #room: Room;
  readonly #listeners = new Set<() => void>();
  #chat: Chat;

  constructor(room: Room) {
    this.#room = room;
    this.#chat = {
      messages: [],
      unread: 0,
      send: async (text, options) => {
        const message = await room.sendChat(text, options);
        this.#add([message]);
        return message;
      },
      markRead: () => {
        if (this.#chat.unread > 0) this.#change({ unread: 0 });
      },
    };
  }

  /** Takes note of what is written, until the returned function is called. */
  readonly listen: () => () => void = whileUsed(() => {
    const stop = this.#room.on('chatMessage', (message) => {
      if (this.#add([message])) this.#change({ unread: this.#chat.unread + 1 });
    });
    this.#recall();
    return stop;
  });

  readonly subscribe = (notify: () => void): (() => void) => {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  };

  readonly snapshot = (): Chat => this.#chat;

  async #recall(): Promise<void> {
    if (this.#room.options.history === 0) return;
    // Without its past a chat still goes on.
    const kept = await this.#room.history().catch((): readonly DataMessage[] => []);
    this.#add(kept.flatMap((message) => chatIn(message, this.#senderOf(message)) ?? []));
  }

  #senderOf({ sender }: DataMessage) {
    const { localParticipant, participants } = this.#room;
    return sender?.id === localParticipant.id ? localParticipant : participants.get(sender?.id ?? '');
  }

  /** Whether any of them is new. */
  #add(messages: readonly ChatMessage[]): boolean {
    const known = new Set(this.#chat.messages.map(({ id }) => id));
    const added = messages.filter(({ id }) => !known.has(id));
    if (added.length === 0) return false;
    const all = [...this.#chat.messages, ...added];
    this.#change({ messages: all.sort((one, other) => one.sent.getTime() - other.sent.getTime()) });
    return true;
  }

  #change(changes: Partial<Chat>): void {
    this.#chat = { ...this.#chat, ...changes };
    for (const notify of [...this.#listeners]) notify();
  }
}

const logs = new WeakMap<Room, ChatLog>();

/** The one log of a room. */
export function chatOf(room: Room): ChatLog {
  const log = logs.get(room) ?? new ChatLog(room);
  logs.set(room, log);
  return log;
}
