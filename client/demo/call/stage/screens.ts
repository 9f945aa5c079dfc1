import type { Participant, Room } from '../../../src/index.ts';
import { useFound } from '../found.ts';

const EVENTS = ['publicationAdded', 'publicationRemoved', 'participantJoined', 'participantLeft'] as const;

/** Who shares a screen. */
export function useSharers(): readonly Participant[] {
  return useFound(EVENTS, sharersOf);
}

function sharersOf({ localParticipant, participants }: Room): Participant[] {
  const all: Participant[] = [localParticipant, ...participants.values()];
  return all.filter(({ publications }) => publications.has('screen'));
}
