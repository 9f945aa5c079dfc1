/** A level above this begins speech: −34 dBov, above the rooms and fans that microphones with gain control let through. */
export const SPEECH_BEGINS_ABOVE = 0.02;
/** A level below this ends it: 6 dB lower, so that a voice at the edge of one limit does not flicker. */
export const SPEECH_ENDS_BELOW = 0.01;
/** Milliseconds that it is loud until that is speech: a key stroke or a cough is over by then. */
export const ATTACK = 150;
/** Milliseconds that it is quiet until speech is over: people breathe between phrases. */
export const RELEASE = 1_000;
/** Milliseconds over which loudness is averaged. */
const LOUDNESS_WINDOW = 1_000;
/** How many times louder somebody must be to come before somebody else: 3.5 dB, or two who talk would change places all the time. */
export const OVERTAKES = 1.5;

/** What is known of one participant's voice. */
export interface Voice {
  /** As heard last, 0 to 1. */
  readonly level: number;
  /** The average of late. */
  readonly loudness: number;
  readonly speaking: boolean;
  /** When it was heard last. */
  readonly heard: number;
  /** Since when the level has contradicted `speaking`; undefined if it does not. */
  readonly contradicted: number | undefined;
}

export function silent(now: number): Voice {
  return { level: 0, loudness: 0, speaking: false, heard: now, contradicted: undefined };
}

/** The voice after a level was heard. */
export function hear(voice: Voice, level: number, now: number): Voice {
  const weight = 1 - Math.exp((voice.heard - now) / LOUDNESS_WINDOW);
  const loudness = voice.loudness + (level - voice.loudness) * weight;
  const contradicts = voice.speaking ? level < SPEECH_ENDS_BELOW : level > SPEECH_BEGINS_ABOVE;
  const contradicted = contradicts ? (voice.contradicted ?? now) : undefined;
  const turns = contradicted !== undefined && now - contradicted >= (voice.speaking ? RELEASE : ATTACK);
  return turns
    ? { level, loudness, heard: now, speaking: !voice.speaking, contradicted: undefined }
    : { level, loudness, heard: now, speaking: voice.speaking, contradicted };
}

/** Who speaks, loudest first; who spoke already keeps its place before those who are hardly louder. */
export function rank(voices: ReadonlyMap<string, Voice>, before: readonly string[]): string[] {
  const order: string[] = [];
  for (const id of new Set([...before, ...voices.keys()])) {
    const voice = voices.get(id);
    if (!voice?.speaking) continue;
    const limit = voice.loudness / OVERTAKES;
    const place = order.findLastIndex((other) => (voices.get(other)?.loudness ?? 0) >= limit) + 1;
    order.splice(place, 0, id);
  }
  return order;
}
