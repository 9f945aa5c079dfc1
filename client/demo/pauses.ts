import type { RemotePublication } from '../src/index.ts';

/**
 * The pictures that the user has paused. A publication's own `paused` does not tell: a picture that is attached and off screen
 * is paused as well, and comes back by itself.
 */
export class Pauses {
  readonly #paused = new WeakSet<RemotePublication>();

  has(publication: RemotePublication): boolean {
    return this.#paused.has(publication);
  }

  toggle(publication: RemotePublication): void {
    if (this.#paused.delete(publication)) publication.resume('video');
    else {
      this.#paused.add(publication);
      publication.pause('video');
    }
  }
}
