import { isOver, type RoomState } from '../room-state.ts';
import type { RoomEvent } from './events.ts';
import { create, join } from './join.ts';
import { expire, leave, vanish } from './leave.ts';
import { moderate } from './moderate.ts';
import { move } from './move.ts';
import type { Outcome } from './outcome.ts';
import { changeMedia, changeSelf, unpublish } from './publish.ts';
import { resume } from './resume.ts';

/**
 * What may happen to a room, and what follows. Pure: the store carries the frequent events out as conditional writes, and a
 * test holds the two together.
 */
export function apply(found: RoomState | undefined, event: RoomEvent, url: string, now: string): Outcome {
  const room = found && isOver(found, Date.parse(now)) ? undefined : found;
  switch (event.type) {
    case 'join':
      return join(room, event, url, now);
    case 'create':
      return create(room, event, url, now);
    case 'leave':
      return leave(room, event, now);
    case 'vanish':
      return vanish(room, event, now);
    case 'resume':
      return resume(room, event, now);
    case 'expire':
      return expire(room, event, now);
    case 'move':
      return move(room, event, now);
    case 'media':
      return changeMedia(room, event, now);
    case 'unpublished':
      return unpublish(room, event, now);
    case 'self':
      return changeSelf(room, event, now);
    case 'moderate':
      return moderate(room, event, now);
  }
}
