import { Code } from '@hyperroom/protocol';
import { LOST_REPEAT } from './policy.ts';
import { refuse, turnAway } from './refusals.ts';
import { isEmpty, type Member, newMember } from './state.ts';
import { cancelTimer, lifeOf, report, startTimer, type Turn } from './turn.ts';

/**
 * A room whose media are gone with the media server is given to a node again, be it this one: by its next epoch. In
 * this one nothing happens any more, for its participants are to offer everything anew, and at once.
 */
export function tendLoss(turn: Turn): void {
  const { room, media } = turn;
  const concerned = !isEmpty(room.roster);
  if (media === 'lost' && concerned && !room.lost) lose(turn);
  if (!room.lost || concerned) return;
  room.lost = false;
  cancelTimer(turn, { name: 'lost' });
}

function lose(turn: Turn): void {
  const { room, actions } = turn;
  if (room.open) actions.push({ type: 'releasePipeline', room: room.key });
  room.open = false;
  room.lost = true;
  for (const member of room.members.values()) if (!member.refused) dropMedia(turn, member);
  reportLoss(turn);
}

/** The rosters and the wishes stay. */
function dropMedia(turn: Turn, member: Member): void {
  const reason = 'the media server was lost';
  if (member.requests.some(({ joined }) => joined)) {
    refuse(turn, member, Code.noMediaNode, reason);
    return;
  }
  for (const { reply } of member.requests) turnAway(turn, reply, Code.noMediaNode, reason);
  turn.room.members.set(member.stay, newMember(member.participant, member.admitted, member.wishes));
}

/** Repeated until a newer epoch has come, or word that there is nobody any more. */
export function reportLoss(turn: Turn): void {
  if (!turn.room.lost) return;
  report(turn, { report: 'lost', ...lifeOf(turn.room) });
  startTimer(turn, { name: 'lost' }, LOST_REPEAT);
}
