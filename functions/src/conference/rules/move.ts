import { Code } from '@hyperroom/protocol';
import { type Member, mapPublications, mapValues, type RoomState } from '../room-state.ts';
import type { Move } from './events.ts';
import { isLife } from './leave.ts';
import { changed, type Outcome, refused } from './outcome.ts';

/** A room's media begin anew, where somebody takes them; what was decided of an earlier life of it is overtaken. */
export function move(room: RoomState | undefined, event: Move, now: string): Outcome {
  if (!room) return refused(Code.notFound, 'no such room');
  if (!isLife(room, { ...event, node: event.from })) return { kind: 'unchanged', room };
  return changed(room, now, () => placed(room, event.node));
}

/** The room with its media to begin on a node; empty: with none, until one comes. */
export function placed(room: RoomState, node: string): Partial<RoomState> {
  return { node, epoch: node ? room.epoch + 1 : room.epoch, members: mapValues(room.members, withoutMedia) };
}

function withoutMedia(member: Member): Member {
  const connecting = mapPublications(member.publications, (publication) => ({
    ...publication,
    media: 'connecting' as const,
  }));
  return { ...member, publications: connecting };
}
