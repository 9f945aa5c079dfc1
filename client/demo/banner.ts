import type { Room } from '../src/index.ts';
import { h } from './dom.ts';
import { TROUBLES, type Trouble } from './words.ts';

/** Milliseconds that a trouble may last before it is worth a word: most connections are back sooner. */
const PATIENCE = 700;

/** Says over the pictures what keeps the call from going on, for as long as it does. */
export class Banner {
  readonly element: HTMLElement;
  readonly #title = h('strong');
  readonly #text = h('span');
  readonly #room: Room;
  readonly #controller = new AbortController();
  #shown: Trouble | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(room: Room) {
    const spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
    const words = h('span', { class: 'banner-words' }, this.#title, this.#text);
    // There from the beginning: what is put into a status later, screen readers tell.
    const body = h('p', { class: 'banner', role: 'status', 'data-testid': 'banner', hidden: true }, spinner, words);
    this.#room = room;
    this.element = body;
    const { signal } = this.#controller;
    for (const name of ['offline', 'online']) addEventListener(name, () => this.draw(), { signal });
    room.on('stateChanged', () => this.draw());
  }

  draw(): void {
    const trouble = troubleOf(this.#room);
    clearTimeout(this.#patience);
    if (!trouble || this.#shown) this.#show(trouble);
    else this.#patience = setTimeout(() => this.#show(trouble), PATIENCE);
  }

  close(): void {
    this.#controller.abort();
    clearTimeout(this.#patience);
  }

  #show(trouble: Trouble | undefined): void {
    this.#shown = trouble;
    this.element.hidden = !trouble;
    const { title, text } = trouble ? TROUBLES[trouble] : { title: '', text: '' };
    this.#title.textContent = title;
    this.#text.textContent = text;
  }
}

function troubleOf(room: Room): Trouble | undefined {
  if (room.state !== 'reconnecting') return undefined;
  if (!navigator.onLine) return 'offline';
  return room.media === 'waiting' ? 'waiting' : 'reconnecting';
}
