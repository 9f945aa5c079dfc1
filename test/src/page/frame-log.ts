import type { SeenFrame } from '../bench/gap-figures.ts';
import { now } from './first-frame.ts';
import { readNumber } from './numbered-picture.ts';

/** Pictures that may wait to be looked at while the page is busy. */
const BUFFER = 60;

/** Chromium's; TypeScript's DOM does not know it. */
declare const MediaStreamTrackProcessor: new (init: {
  track: MediaStreamTrack;
  maxBufferSize: number;
}) => { readable: ReadableStream<VideoFrame> };

/** Every picture of numbered video that came out of the decoder: whose, which and when. */
export class FrameLog {
  readonly #seen = new Map<string, SeenFrame[]>();
  readonly #watched: MediaStreamTrack[] = [];

  /** Watches a track of `from`, until it ends. */
  watch(track: MediaStreamTrack, from: string): void {
    if (track.kind !== 'video' || this.#watched.includes(track)) return;
    void this.#read(track, from, this.#watched.push(track));
  }

  /** What came of `from` since a moment, in the order it came. */
  since(from: string, at: number): readonly SeenFrame[] {
    return (this.#seen.get(from) ?? []).filter((frame) => frame.at >= at);
  }

  async #read(track: MediaStreamTrack, from: string, ordinal: number): Promise<void> {
    const seen = this.#seen.get(from) ?? [];
    this.#seen.set(from, seen);
    const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: BUFFER });
    for (const reader = readable.getReader(); ; ) {
      const { value: frame } = await reader.read();
      if (!frame) return;
      const at = now();
      const number = await readNumber(frame);
      frame.close();
      if (number !== undefined) seen.push({ at, number, track: ordinal });
    }
  }
}
