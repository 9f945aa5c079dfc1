import type { DataMessage } from '@hyperroom/protocol';
import type { DataMessages } from './data-messages.ts';
import type { Participant } from './participant.ts';

export interface SendOptions {
  /** Ids of the participants that it is for. Default: everyone else in the room. */
  to?: readonly string[];
}

export interface ChannelEvents<T> {
  /** Data of somebody else. `from` is undefined if it came from a back end, or its sender has left since: see `message.sender`. */
  message: [data: T, from: Participant | undefined, message: DataMessage];
}

export interface ChannelWires<T> {
  messages: DataMessages;
  isValid: (data: unknown) => data is T;
  /** Who sent a message, if that participant is in the room. */
  senderOf: (message: DataMessage) => Participant | undefined;
}

/** Data of an application under one topic. `room.channel` makes one. */
export class Channel<T> {
  readonly topic: string;
  readonly #wires: ChannelWires<T>;

  /** Use `room.channel`. */
  constructor(topic: string, wires: ChannelWires<T>) {
    this.topic = topic;
    this.#wires = wires;
  }

  /**
   * Sends data: JSON of at most 8 KiB. Resolves when the server has passed it on.
   *
   * Rejects with a `HyperroomError`: `bad-request` (too large, or no JSON), `forbidden`, `not-found` (one of `to` is not
   * there: nobody gets it), `token-expired`, `too-fast`, `connection-lost`, `timeout` (15 seconds).
   */
  send(data: T, options: SendOptions = {}): Promise<DataMessage> {
    return this.#wires.messages.send(this.topic, data, options);
  }

  /** Listens to an event until the returned function is called. What is not valid is dropped, and each message comes once. */
  on<Name extends keyof ChannelEvents<T>>(_: Name, listener: (...args: ChannelEvents<T>[Name]) => void): () => void {
    const { messages, isValid, senderOf } = this.#wires;
    return messages.on('message', (message) => {
      const { topic, data } = message;
      if (topic === this.topic && isValid(data)) listener(data, senderOf(message), message);
    });
  }
}
