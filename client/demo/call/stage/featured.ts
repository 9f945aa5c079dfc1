export type View = 'grid' | 'speaker';

export interface Choice {
  view: View;
  /** What the user wants to see large, whatever happens. */
  pinned: string | undefined;
  /** Keys of the shared screens, in the order in which they came. */
  screens: readonly string[];
  /** Keys of the people. */
  people: readonly string[];
  /** Who spoke last of the others. */
  speaker: string | undefined;
}

/** The keys of what is shown large. */
export function featured({ view, pinned, screens, people, speaker }: Choice): readonly string[] {
  if (pinned !== undefined && [...screens, ...people].includes(pinned)) return [pinned];
  if (screens.length > 0) return view === 'grid' ? screens : screens.slice(-1);
  return view === 'speaker' && speaker !== undefined ? [speaker] : [];
}

export interface Voices {
  /** Who was shown last. */
  before: string | undefined;
  /** Who of the others speaks now, loudest first. */
  speaking: readonly string[];
  /** All the others. */
  present: readonly string[];
}

/** Whose picture the speaker view shows: whoever spoke last. While two speak, it does not jump to and fro. */
export function lastSpeaker({ before, speaking, present }: Voices): string | undefined {
  const isThere = before !== undefined && present.includes(before);
  if (isThere && (speaking.includes(before) || speaking.length === 0)) return before;
  return speaking.find((id) => present.includes(id)) ?? (isThere ? before : present[0]);
}
