import { type Moderation, type Participant, type ParticipantUpdate, type Room, Source } from '@hyperroom/protocol';
import type { Backend } from '../conference/backend.ts';
import { Fault } from './http.ts';

export function participantIn(room: Room, id: string): Participant {
  const { participants } = room.data;
  // What every object inherits is no participant.
  const found = Object.hasOwn(participants, id) ? participants[id] : undefined;
  if (!found) throw new Fault('not-found', `no such participant: ${id}`);
  return found;
}

/** Carries out what leaves the room in being, and gives that as it is then. */
export async function moderate(backend: Backend, room: string, moderation: Moderation): Promise<Room> {
  const moderated = await backend.moderate(room, moderation);
  if (!moderated) throw new Fault('not-found', 'no such room');
  return moderated;
}

/** Metadata come first: they may be refused, and then nothing has changed. */
export function moderationsOf(participant: string, { role, blocked, metadata }: ParticipantUpdate): Moderation[] {
  const others = Source.options.filter((source) => !blocked?.includes(source));
  return [
    ...(metadata ? [{ action: 'describe' as const, participant, metadata }] : []),
    ...(blocked?.length ? [{ action: 'block' as const, participant, sources: blocked }] : []),
    ...(blocked && others.length > 0 ? [{ action: 'unblock' as const, participant, sources: others }] : []),
    ...(role ? [{ action: 'appoint' as const, participant, role }] : []),
  ];
}
