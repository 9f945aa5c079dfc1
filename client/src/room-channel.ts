import type { Channel, ChannelEvents, SendOptions } from './channel.ts';
import type { DataMessages } from './data-messages.ts';
import { Emitter, type Listening } from './emitter.ts';
import type { Participant } from './participant.ts';
import type { DataMessage } from './types.ts';

export interface ChannelWires<T> {
  messages: DataMessages;
  isValid: (data: unknown) => data is T;
  /** Who sent a message, if that participant is in the room. */
  senderOf: (message: DataMessage) => Participant | undefined;
}

/** A channel by the messages of its room. */
export class RoomChannel<T> extends Emitter<ChannelEvents<T>> implements Channel<T> {
  readonly topic: string;
  readonly #wires: ChannelWires<T>;

  constructor(topic: string, wires: ChannelWires<T>) {
    super();
    this.topic = topic;
    this.#wires = wires;
  }

  send(data: T, options: SendOptions = {}): Promise<DataMessage> {
    return this.#wires.messages.send(this.topic, data, options);
  }

  /** Listens only while somebody does: a channel that is let go of is forgotten. */
  override on<Name extends keyof ChannelEvents<T>>(
    _: Name,
    hear: (...args: ChannelEvents<T>[Name]) => void,
    options?: Listening,
  ): () => void {
    const { messages, isValid, senderOf } = this.#wires;
    const take = (message: DataMessage) => {
      const { topic, data } = message;
      if (topic === this.topic && isValid(data)) hear(data, senderOf(message), message);
    };
    return messages.on('message', take, options);
  }
}
