import { repeat } from './repeat.ts';
import { hear, rank, silent, type Voice } from './voice.ts';

/** Where the loudness of one participant can be read, 0 to 1. */
export interface LevelSource {
  readonly id: string;
  level(): number | Promise<number>;
}

export interface SpeakingOptions {
  /** Asked each time: participants come and go. */
  sources: () => readonly LevelSource[];
  /** Called when somebody begins or ceases to speak, or becomes clearly louder than somebody before it. */
  onChange: (speakers: readonly string[]) => void;
  /** Milliseconds between two readings. */
  interval?: number;
}

/** Who speaks. */
export class Speaking {
  readonly #sources: () => readonly LevelSource[];
  readonly #onChange: (speakers: readonly string[]) => void;
  readonly #interval: number;
  #voices: ReadonlyMap<string, Voice> = new Map();
  #speakers: readonly string[] = [];
  #stop: (() => void) | undefined;

  constructor({ sources, onChange, interval = 200 }: SpeakingOptions) {
    this.#sources = sources;
    this.#onChange = onChange;
    this.#interval = interval;
  }

  start(): void {
    this.#stop ??= repeat(
      this.#interval,
      () => Promise.all(this.#sources().map(levelOf)),
      (levels) => this.#hear(levels),
    );
  }

  /** From here on nobody is known to speak, and `onChange` is not called. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#voices = new Map();
    this.#speakers = [];
  }

  /** How loud somebody was at the last reading, 0 to 1. */
  levelOf(id: string): number {
    return this.#voices.get(id)?.level ?? 0;
  }

  isSpeaking(id: string): boolean {
    return this.#voices.get(id)?.speaking ?? false;
  }

  /** Loudest first. */
  get speakers(): readonly string[] {
    return this.#speakers;
  }

  #hear(levels: readonly Level[]): void {
    const now = performance.now();
    const voices = levels.map(({ id, level }) => [id, hear(this.#voices.get(id) ?? silent(now), level, now)] as const);
    this.#voices = new Map(voices);
    const speakers = rank(this.#voices, this.#speakers);
    if (speakers.join() === this.#speakers.join()) return;
    this.#speakers = speakers;
    this.#onChange(speakers);
  }
}

interface Level {
  readonly id: string;
  readonly level: number;
}

/** What cannot be read at the moment, of a connection that has just been closed say, is silent. */
async function levelOf(source: LevelSource): Promise<Level> {
  try {
    return { id: source.id, level: await source.level() };
  } catch {
    return { id: source.id, level: 0 };
  }
}
