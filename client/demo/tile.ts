import { h } from './dom.ts';
import { icon } from './icons.ts';
import { hueOf, initials } from './words.ts';

export interface TileOptions {
  name: string;
  stream: MediaStream;
  /** One's own picture: mirrored, and without its sound. */
  isLocal?: boolean;
}

/** One participant's picture: video when there is any, initials when there is none. */
export class Tile {
  readonly element: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #badge: HTMLElement;
  readonly #muted: HTMLElement;

  constructor({ name, stream, isLocal = false }: TileOptions) {
    this.#video = h('video', { autoplay: true, playsinline: true });
    this.#video.muted = isLocal;
    this.#video.srcObject = stream;
    this.#badge = h('span', { class: 'tile-badge', hidden: true });
    this.#muted = h(
      'span',
      { class: 'tile-muted', hidden: true, role: 'img', 'aria-label': 'microphone off' },
      icon('microphoneOff'),
    );
    this.element = h(
      'li',
      { class: 'tile', 'data-testid': 'tile', 'data-participant': name, 'data-local': isLocal },
      h('span', { class: 'tile-initials', 'aria-hidden': 'true' }, initials(name)),
      this.#video,
      this.#badge,
      h('span', { class: 'tile-name' }, this.#muted, h('span', {}, isLocal ? `${name} (you)` : name)),
    );
    this.element.style.setProperty('--hue', String(hueOf(name)));
    this.showVideo(stream.getVideoTracks().length > 0);
  }

  showVideo(isShown: boolean): void {
    this.#video.hidden = !isShown;
  }

  showMuted(isMuted: boolean): void {
    this.#muted.hidden = !isMuted;
  }

  /** A word over the picture, or none. */
  showBadge(text: string | undefined): void {
    this.#badge.hidden = text === undefined;
    this.#badge.textContent = text ?? '';
  }

  /** Plays what has come; rejects if the browser wants a gesture of the user before there may be sound. */
  play(): Promise<void> {
    return this.#video.play();
  }

  remove(): void {
    this.#video.srcObject = null;
    this.element.remove();
  }
}
