import { vi } from 'vitest';

class FakeDocument extends EventTarget {
  visibilityState = 'visible';
  pictureInPictureElement: unknown = null;
}

class FakeIntersectionObserver {
  static targets = new Map<unknown, FakeIntersectionObserver>();
  readonly #callback: (entries: { isIntersecting: boolean }[]) => void;

  constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
    this.#callback = callback;
  }
  observe(target: unknown): void {
    FakeIntersectionObserver.targets.set(target, this);
  }
  disconnect(): void {
    for (const [target, observer] of FakeIntersectionObserver.targets) {
      if (observer === this) FakeIntersectionObserver.targets.delete(target);
    }
  }
  report(isIntersecting: boolean): void {
    this.#callback([{ isIntersecting }]);
  }
}

/** Puts a document in place, and what tells whether its elements can be seen. */
export function stubDocument(): void {
  vi.stubGlobal('document', new FakeDocument());
  vi.stubGlobal('IntersectionObserver', FakeIntersectionObserver);
}

/** A video element, which is scrolled into view and out of it. */
export class FakeVideo extends EventTarget {
  srcObject: MediaStream | null = null;
  autoplay = false;
  paused = true;
  /** Why it may not play, if it may not. */
  refusal: Error | undefined;

  get asVideo(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }

  async play(): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.paused = false;
    this.dispatchEvent(new Event('playing'));
  }

  scroll(isInView: boolean): void {
    FakeIntersectionObserver.targets.get(this)?.report(isInView);
  }
}
