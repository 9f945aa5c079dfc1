import { Code } from '@hyperroom/protocol';
import { isAnonymous } from '../../messaging-node/session.ts';
import { type Member, participantOf, type RoomState } from '../room-state.ts';
import type { Resume } from './events.ts';
import { notHere } from './leave.ts';
import { entryOf, type Outcome, refused } from './outcome.ts';

/** A participant goes on with its stay on another socket, or on the one that was taken for gone. */
export function resume(room: RoomState | undefined, event: Resume, now: string): Outcome {
  const member = room && entryOf(room.members, event.id);
  if (!room || !member) return notHere();
  const { connectionId, opened } = event;
  if (!isSameUser(member, event.user)) return refused(Code.forbidden, `${member.hypertyURL} is not yours`);
  // What was sent on an earlier socket may arrive behind what was sent on the next.
  if (member.opened > opened) {
    return refused(Code.conflict, `${member.hypertyURL} has gone on on a later connection`);
  }
  const rejoined = event.joins ? Math.max(room.epoch, member.rejoined) : member.rejoined;
  const isThere = member.connectionId === connectionId && member.status === 'live';
  if (isThere && member.rejoined === rejoined) return { kind: 'unchanged', room };
  const version = room.version + 1;
  const back: Member = { ...member, connectionId, status: 'live', opened, resumed: true, rejoined };
  return {
    kind: 'changed',
    before: room,
    room: { ...room, version, lastModified: now, members: { ...room.members, [event.id]: back } },
    destroyed: false,
    // A version even where nobody sees a difference: the media node tells by it which connection is the latest.
    updates: [{ version, attribute: `participants.${event.id}`, value: participantOf(back) }],
    notices: [],
  };
}

/** Without a token each connection is another user: that the address is this one's is all there is to go by. */
function isSameUser(member: Member, user: string): boolean {
  return isAnonymous(user) ? isAnonymous(member.user) : member.user === user;
}
