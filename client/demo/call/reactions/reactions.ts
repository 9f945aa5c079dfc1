import type { Channel, Participant, Room } from '../../../src/index.ts';
import { Store } from '../store.ts';

export const EMOJI = {
  '👍': 'thumbs up',
  '👏': 'applause',
  '❤️': 'heart',
  '😂': 'laughter',
  '😮': 'astonishment',
  '🎉': 'party',
} as const;
export type Emoji = keyof typeof EMOJI;

export interface Reaction {
  id: number;
  emoji: Emoji;
  from: string;
}

const LASTS = 3_000;
/** More would hide the picture that they fly over. */
const MOST = 24;

/** Application data: what travels on a channel is up to the page, and is checked when it comes. */
export const isEmoji = (data: unknown): data is Emoji => typeof data === 'string' && Object.hasOwn(EMOJI, data);

/** Reactions that fly over the picture of whoever sends them. */
export class Reactions {
  readonly store = new Store<{ flying: readonly Reaction[] }>({ flying: [] });
  readonly #channel: Channel<Emoji>;
  readonly #local: Participant;
  #count = 0;

  constructor(room: Room) {
    this.#local = room.localParticipant;
    this.#channel = room.channel('reaction', { isValid: isEmoji });
  }

  /** Shows what comes from the others, and tells of it, until the returned function is called. */
  follow(told: (emoji: Emoji, from: Participant) => void): () => void {
    return this.#channel.on('message', (emoji, from) => {
      if (!from) return;
      this.#show(emoji, from);
      told(emoji, from);
    });
  }

  /** Shown at once: whoever reacts does not want to wait for the server. */
  async send(emoji: Emoji): Promise<void> {
    this.#show(emoji, this.#local);
    await this.#channel.send(emoji);
  }

  #show(emoji: Emoji, { id: from }: Participant): void {
    const id = ++this.#count;
    const { flying } = this.store.state;
    this.store.change({ flying: [...flying, { id, emoji, from }].slice(-MOST) });
    setTimeout(() => this.#land(id), LASTS);
  }

  #land(id: number): void {
    this.store.change({ flying: this.store.state.flying.filter((reaction) => reaction.id !== id) });
  }
}
