import { Code, type Message, type ReplyTo, type Request, refusal } from '@hyperroom/protocol';
import { RETRY_AFTER } from './policy.ts';
import { ENDED, type Member, type Publication } from './state.ts';
import { reportRefused, reportUnpublished, retire, type Turn } from './turn.ts';

/** The media server could not take this participant: it is told, its endpoints go, the conference is to remove it. */
export function refuse(turn: Turn, member: Member, code: Code, reason: string): void {
  member.refused = { code, reason };
  for (const leg of [...member.receivers.values(), ...member.publications.values()]) retire(turn, member, leg, reason);
  member.early.clear();
  reportRefused(turn, member);
}

/** Nobody has joined without what it wanted to publish from the start; what it adds later is no such matter. */
export function failPublication(turn: Turn, member: Member, leg: Publication, code: Code, reason: string): void {
  leg.phase = { name: 'failed', error: reason };
  if (leg.joining) refuse(turn, member, code, reason);
  else reportUnpublished(turn, member, leg);
}

export function turnAway(turn: Turn, reply: ReplyTo, code: Code, reason: string): void {
  const messages = [...reply.before, refusalOf(reply.request, code, reason)];
  turn.actions.push({ type: 'post', connectionId: reply.connectionId, messages });
}

/** Of somebody who is not there. Whether its room goes on, here or elsewhere, the conference knows. */
export function turnAwayAbsent(turn: Turn, reply: ReplyTo): void {
  if (turn.room.roster.version === ENDED) turnAway(turn, reply, Code.noMediaNode, 'the room is not here any more');
  else turnAway(turn, reply, Code.notFound, 'the participant is not in this room any more');
}

/** What the media server cannot do now it may be able to do soon. */
export function refusalOf(request: Request, code: Code, reason: string): Message {
  return refusal(request, code, reason, code === Code.noMediaNode ? { retryAfter: RETRY_AFTER } : {});
}
