import type { Participant } from '../src/index.ts';

/** A raised hand is a word in the participant's metadata: everybody sees it, late joiners too. */
const KEY = 'hand';

export const RAISED = { [KEY]: 'raised' };
export const LOWERED = { [KEY]: null };

export function handOf({ metadata }: Participant): boolean {
  return metadata[KEY] !== undefined;
}
