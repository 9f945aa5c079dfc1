import type { LocalParticipant } from '../src/index.ts';

/** One's own shared screen. */
export class ScreenShare {
  readonly #local: LocalParticipant;
  #stream: MediaStream | undefined;

  constructor(local: LocalParticipant) {
    this.#local = local;
  }

  /** Telephones share no screens. */
  get isPossible(): boolean {
    return 'getDisplayMedia' in navigator.mediaDevices;
  }

  get isOn(): boolean {
    return this.#local.publications.has('screen');
  }

  async start(): Promise<void> {
    const stream = await chosenScreen();
    if (!stream) return;
    this.#stream = stream;
    try {
      await this.#local.publish(stream, { as: 'screen' });
    } catch (error) {
      this.release();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.release();
    await this.#local.unpublish('screen');
  }

  /** Has the browser capture nothing any more. */
  release(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }
}

/** The screen, window or tab that the user picks, with its sound where there is any; undefined if none. */
async function chosenScreen(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: true });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') return undefined;
    throw error;
  }
}
