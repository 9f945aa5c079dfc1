import type { Metadata, Participant, Room } from '../../../src/index.ts';
import { useFound } from '../found.ts';

/** A raised hand is a word in the participant's metadata: everybody sees it, late joiners too. It says since when. */
const KEY = 'hand';

export const LOWERED = { [KEY]: null };

export function raised(now: number) {
  return { [KEY]: String(now) };
}

export function isRaised(metadata: Metadata): boolean {
  return metadata[KEY] !== undefined;
}

const EVENTS = ['metadataChanged', 'participantJoined', 'participantLeft'] as const;

/** Whose hand is raised, first come first. */
export function useHands(): readonly Participant[] {
  return useFound(EVENTS, handsOf);
}

export function handsOf({
  localParticipant,
  participants,
}: Pick<Room, 'localParticipant' | 'participants'>): Participant[] {
  const all: Participant[] = [localParticipant, ...participants.values()];
  return all.filter(({ metadata }) => isRaised(metadata)).sort((one, other) => since(one) - since(other));
}

const since = ({ metadata }: Participant) => Number(metadata[KEY]);
