import { childrenOf, type DataMessage, type DataSentBody, type HistoryBody } from '@hyperroom/protocol';
import type { SendOptions } from './channel.ts';
import type { ConferenceHyperty } from './conference-hyperty.ts';
import { Emitter } from './emitter.ts';
import { bodyOf } from './message-bus.ts';

/** How many messages are remembered, so as to deliver one that comes twice only once. */
const REMEMBERED = 500;

interface DataEvents {
  message: [message: DataMessage];
}

/** Chat and application data of a room: children of the room object. */
export class DataMessages extends Emitter<DataEvents> {
  readonly #conference: ConferenceHyperty;
  readonly #seen = new Set<string>();
  /** What has come before anybody could listen. */
  #held: DataMessage[] | undefined = [];

  constructor(conference: ConferenceHyperty) {
    super();
    this.#conference = conference;
    conference.on('message', (message) => this.#isNew(message) && this.#take(message));
  }

  /** From now on messages are told of: first those that came before. */
  begin(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#take(message);
  }

  async send(topic: string, data: unknown, { to }: SendOptions): Promise<DataMessage> {
    const value = { topic, data, ...(to && { to: [...to] }) };
    const sent = await this.#request('create', { resource: crypto.randomUUID(), value });
    return bodyOf(sent, ({ value }: DataSentBody) => value.id).value;
  }

  /** Those that the room has kept, oldest first. */
  async history(): Promise<readonly DataMessage[]> {
    return bodyOf(await this.#request('read', {}), ({ value }: HistoryBody) => Array.isArray(value)).value;
  }

  #request(type: 'create' | 'read', body: Record<string, unknown>) {
    const { url, roomUrl } = this.#conference;
    return this.#conference.request({ type, from: url, to: childrenOf(roomUrl), body });
  }

  #take(message: DataMessage): void {
    if (this.#held) this.#held.push(message);
    else this.emit('message', message);
  }

  #isNew({ id }: DataMessage): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (oldest !== undefined && this.#seen.size > REMEMBERED) this.#seen.delete(oldest);
    return true;
  }
}
