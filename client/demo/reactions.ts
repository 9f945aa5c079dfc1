import type { Channel, Room } from '../src/index.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { News } from './news.ts';

const EMOJI = { '👍': 'thumbs up', '👏': 'applause', '😂': 'laughter', '🎉': 'party' } as const;
type Emoji = keyof typeof EMOJI;

/** Application data: what travels on a channel is up to the page, and is checked when it comes. */
const isEmoji = (data: unknown): data is Emoji => typeof data === 'string' && Object.hasOwn(EMOJI, data);

/** Reactions that fly over the picture of whoever sends them. */
export class Reactions {
  readonly element: HTMLDetailsElement;
  readonly #channel: Channel<Emoji>;

  /** `show` is told of each, one's own included. */
  constructor(room: Room, news: News, show: (participant: string, emoji: string) => void) {
    this.#channel = room.channel('reaction', { isValid: isEmoji });
    this.#channel.on('message', (emoji, from) => from && show(from.id, emoji));
    const send = async (emoji: Emoji) => {
      if (await news.attempt(() => this.#channel.send(emoji))) show(room.localParticipant.id, emoji);
    };
    const buttons = Object.keys(EMOJI)
      .filter(isEmoji)
      .map((emoji) => {
        const label = { 'aria-label': EMOJI[emoji], title: EMOJI[emoji] };
        return h('button', { type: 'button', class: 'round', onclick: () => send(emoji), ...label }, emoji);
      });
    const label = { 'aria-label': 'Send a reaction', title: 'Send a reaction' };
    const summary = h('summary', { class: 'round', 'data-testid': 'reactions', ...label }, icon('smile'));
    this.element = h('details', { class: 'reactions' }, summary, h('div', { class: 'reactions-menu' }, ...buttons));
    this.element.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      this.element.open = false;
      summary.focus();
    });
  }
}
