import type { Quality, RemotePublication } from '../src/index.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { hueOf, initials } from './words.ts';

export interface TileOptions {
  /** Whose it is: for the colour and the initials. */
  name: string;
  /** What stands under the picture. */
  caption: string;
  /** One's own picture: without its sound. */
  isLocal?: boolean;
  /** A screen: shown whole, and never mirrored. */
  isScreen?: boolean;
}

/** Shows something in a video, until the returned function is called. */
export type Attach<Shown> = (publication: Shown, video: HTMLVideoElement) => () => void;

export type MutedBy = 'self' | 'moderator';

const MUTED_WORDS: Record<MutedBy, string> = {
  self: 'microphone off',
  moderator: 'microphone muted by a moderator',
};

const REACTION_LASTS = 3_000;

/** A picture: video when there is any, initials when there is none, and around it what is to be known. */
export class Tile {
  readonly element: HTMLElement;
  readonly #video = h('video', { autoplay: true, playsinline: true });
  readonly #badge = h('span', { class: 'tile-badge', 'data-testid': 'badge', hidden: true });
  readonly #muted = h('span', { class: 'tile-muted', role: 'img', hidden: true }, icon('microphoneOff'));
  readonly #crown = h(
    'span',
    { class: 'tile-crown', role: 'img', 'aria-label': 'moderator', hidden: true },
    icon('crown'),
  );
  readonly #hand = h(
    'span',
    { class: 'tile-hand', role: 'img', 'aria-label': 'hand raised', hidden: true },
    icon('hand'),
  );
  readonly #quality = h('span', { class: 'tile-quality', role: 'img', hidden: true }, h('i'), h('i'), h('i'));
  #shown: object | undefined;
  #detach: (() => void) | undefined;

  constructor({ name, caption, isLocal = false, isScreen = false }: TileOptions) {
    this.#video.muted = isLocal;
    // A screen is nobody: only tiles of people say whose they are.
    const identity = isScreen ? { 'data-testid': 'screen' } : { 'data-testid': 'tile', 'data-participant': name };
    this.element = h(
      'li',
      { class: isScreen ? 'tile screen' : 'tile', 'data-local': isLocal, 'data-sharer': isScreen && name, ...identity },
      h('span', { class: 'tile-initials', 'aria-hidden': 'true' }, initials(name)),
      this.#video,
      h('span', { class: 'tile-top' }, this.#hand, this.#badge, this.#quality),
      h('span', { class: 'tile-name' }, this.#muted, this.#crown, h('span', {}, caption)),
    );
    this.element.style.setProperty('--hue', String(hueOf(name)));
    this.showVideo(false);
  }

  /** Shows something from now on, in place of what it showed before. */
  attach<Shown extends object>(shown: Shown | undefined, attach: Attach<Shown>): void {
    if (shown === this.#shown) return;
    this.#detach?.();
    this.#shown = shown;
    this.#detach = shown && attach(shown, this.#video);
  }

  /** The video keeps its place even when it has nothing to show: whether that is on screen is what decides about pausing. */
  showVideo(isShown: boolean): void {
    this.#video.style.visibility = isShown ? 'visible' : 'hidden';
  }

  showMuted(by: MutedBy | undefined): void {
    this.#muted.hidden = by === undefined;
    if (by === undefined) return;
    this.#muted.dataset.by = by;
    this.#muted.title = MUTED_WORDS[by];
    this.#muted.setAttribute('aria-label', MUTED_WORDS[by]);
  }

  /** A word over the picture, or none. */
  showBadge(text: string | undefined): void {
    this.#badge.hidden = text === undefined;
    this.#badge.textContent = text ?? '';
  }

  showModerator(isModerator: boolean): void {
    this.#crown.hidden = !isModerator;
  }

  showHand(isRaised: boolean): void {
    this.#hand.hidden = !isRaised;
  }

  showSpeaking(isSpeaking: boolean): void {
    this.element.toggleAttribute('data-speaking', isSpeaking);
  }

  showQuality(quality: Quality): void {
    this.#quality.hidden = quality === 'unknown';
    this.#quality.dataset.quality = quality;
    this.#quality.setAttribute('aria-label', `connection: ${quality}`);
  }

  /** Lets something fly over the picture. */
  react(emoji: string): void {
    const reaction = h('span', { class: 'tile-reaction', 'data-testid': 'reaction' }, emoji);
    this.element.append(reaction);
    setTimeout(() => reaction.remove(), REACTION_LASTS);
  }

  close(): void {
    this.#detach?.();
    this.#detach = undefined;
  }
}

/** Shows what is published here: nothing comes from the network. */
export const own: Attach<{ stream: MediaStream }> = ({ stream }, video) => {
  video.srcObject = stream;
  return () => {
    video.srcObject = null;
  };
};

/** Shows what comes from the network, and has it paused while the video is off screen. */
export const received: Attach<RemotePublication> = (publication, video) => publication.attach(video);
