export type Kind = 'audio' | 'video';

/** Width, height and frames a second asked of the camera. */
export interface VideoSize {
  width: number;
  height: number;
  frameRate: number;
}

/** One's own camera and microphone, as far as the browser gives them. */
export class LocalMedia {
  readonly stream: MediaStream;
  /** Why there is no microphone or no camera; undefined if there are both. */
  readonly problem: unknown;

  private constructor(stream: MediaStream, problem?: unknown) {
    this.stream = stream;
    this.problem = problem;
  }

  /** Asks for both, and is content with either, or none. */
  static async open({ width, height, frameRate }: VideoSize): Promise<LocalMedia> {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const video = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
    let problem: unknown;
    for (const constraints of [{ audio, video }, { audio }, { video }]) {
      try {
        return new LocalMedia(await navigator.mediaDevices.getUserMedia(constraints), problem);
      } catch (error) {
        problem ??= error;
        // A refusal is an answer: asking again, for less, would be nagging.
        if (error instanceof DOMException && error.name === 'NotAllowedError') break;
      }
    }
    return new LocalMedia(new MediaStream(), problem);
  }

  has(kind: Kind): boolean {
    return this.#track(kind) !== undefined;
  }

  isOn(kind: Kind): boolean {
    return this.#track(kind)?.enabled ?? false;
  }

  /** A muted track goes on as silence or black, so that coming back takes no negotiation. */
  toggle(kind: Kind): void {
    const track = this.#track(kind);
    if (track) track.enabled = !track.enabled;
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }

  #track(kind: Kind): MediaStreamTrack | undefined {
    return this.stream.getTracks().find((track) => track.kind === kind);
  }
}
