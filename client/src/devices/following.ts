import type { Room } from '../room.ts';
import { BOTH, type DeviceSource, KINDS } from './state.ts';

type Local = Room['localParticipant'];

export type Step =
  | { does: 'publish' }
  | { does: 'unpublish' }
  | { does: 'replace'; source: DeviceSource; track: MediaStreamTrack };

/** The way from what is `published` (undefined: nothing) to these tracks. */
export function stepsTo(
  published: { sources: readonly string[]; tracks: readonly MediaStreamTrack[] } | undefined,
  tracks: readonly MediaStreamTrack[],
): Step[] {
  if (tracks.length === 0) return published ? [{ does: 'unpublish' }] : [];
  const trackOf = (source: DeviceSource) => tracks.find(({ kind }) => kind === KINDS[source]);
  // A source more, or one less, takes another offer.
  if (!published || BOTH.some((source) => published.sources.includes(source) !== (trackOf(source) !== undefined))) {
    return [{ does: 'publish' }];
  }
  return BOTH.flatMap((source) => {
    const track = trackOf(source);
    return track && !published.tracks.includes(track) ? [{ does: 'replace', source, track }] : [];
  });
}

/** Has a room send what is in a stream, one step after the other. */
export class Following {
  readonly room: Room;
  readonly #stream: MediaStream;
  readonly #onDone: (problem: unknown) => void;
  /** What has been seen to. What the room did not get once is not tried again until there is something else. */
  #seen: readonly MediaStreamTrack[];
  #isLooking = false;
  #isStale = false;
  #isOver = false;

  /** @param onDone hears that the room has it, or why it does not. */
  constructor(room: Room, stream: MediaStream, onDone: (problem: unknown) => void) {
    this.room = room;
    this.#stream = stream;
    this.#seen = stream.getTracks();
    this.#onDone = onDone;
  }

  /** The stream may have other tracks than before. */
  look(): void {
    const tracks = this.#stream.getTracks();
    if (tracks.length === this.#seen.length && tracks.every((track) => this.#seen.includes(track))) return;
    this.#seen = tracks;
    this.#isStale = true;
    if (!this.#isLooking) void this.#run();
  }

  stop(): void {
    this.#isOver = true;
  }

  async #run(): Promise<void> {
    this.#isLooking = true;
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      const problem = await this.#keepUp();
      if (!this.#isOver) this.#onDone(problem);
    }
    this.#isLooking = false;
  }

  async #keepUp(): Promise<unknown> {
    const { localParticipant: local } = this.room;
    try {
      for (const step of stepsTo(local.publications.get('main'), this.#stream.getTracks())) {
        await this.#take(local, step);
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #take(local: Local, step: Step): Promise<void> {
    if (step.does === 'publish') await local.publish(this.#stream);
    else if (step.does === 'unpublish') await local.unpublish('main');
    else await local.replaceTrack(step.source, step.track);
  }
}
