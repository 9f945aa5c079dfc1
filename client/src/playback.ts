import type { Playback } from './room-events.ts';

/** An element for as long as something is attached to it. */
interface Played {
  element: HTMLMediaElement;
  isBlocked: boolean;
}

/** Plays elements as far as the browser lets it. */
export class Player {
  readonly #onChange: (playback: Playback) => void;
  readonly #all = new Set<Played>();

  constructor(onChange: (playback: Playback) => void) {
    this.#onChange = onChange;
  }

  get playback(): Playback {
    return this.#blocked.length > 0 ? 'blocked' : 'allowed';
  }

  /** Plays an element, and sees to it until the returned function is called. */
  play(element: HTMLMediaElement): () => void {
    const played = { element, isBlocked: false };
    this.#all.add(played);
    // However that came about.
    const unblock = () => this.#set(played, false);
    element.addEventListener('playing', unblock);
    // What ends, and goes on with another track, does so by itself.
    element.autoplay = true;
    this.#try(played);
    return () => {
      element.removeEventListener('playing', unblock);
      unblock();
      this.#all.delete(played);
    };
  }

  /** Tries again what is blocked, on behalf of a click. */
  async start(): Promise<void> {
    await Promise.all(this.#blocked.map((played) => this.#try(played)));
  }

  get #blocked(): Played[] {
    return [...this.#all].filter(({ isBlocked }) => isBlocked);
  }

  async #try(played: Played): Promise<void> {
    const { element } = played;
    const tried = this.#attempt(played);
    // It is allowed, and may yet wait for its first picture.
    if (!element.paused) this.#set(played, false);
    else await tried;
  }

  async #attempt(played: Played): Promise<void> {
    try {
      await played.element.play();
    } catch (error) {
      // Any other failure is that of an element which is given something else to show.
      if (error instanceof Error && error.name === 'NotAllowedError') this.#set(played, true);
    }
  }

  #set(played: Played, isBlocked: boolean): void {
    if (!this.#all.has(played)) return;
    const before = this.playback;
    played.isBlocked = isBlocked;
    if (this.playback !== before) this.#onChange(this.playback);
  }
}
