import { type Code, type ReplyTo, refusal } from '@hyperroom/protocol';
import type { Member, Publication } from './state.ts';
import { reportGone, reportUnpublished, retire, type Turn } from './turn.ts';

/** The media server could not take this participant: it is told, its endpoints go, the conference is to remove it. */
export function refuse(turn: Turn, member: Member, code: Code, reason: string): void {
  member.refused = { code, reason };
  for (const leg of [...member.receivers.values(), ...member.publications.values()]) retire(turn, member, leg, reason);
  member.early.clear();
  reportGone(turn, member, false);
}

/** Nobody has joined without what it wanted to publish from the start; what it adds later is no such matter. */
export function failPublication(turn: Turn, member: Member, leg: Publication, code: Code, reason: string): void {
  leg.phase = { name: 'failed', error: reason };
  if (leg.joining) refuse(turn, member, code, reason);
  else reportUnpublished(turn, member, leg);
}

export function turnAway(turn: Turn, reply: ReplyTo, code: Code, reason: string): void {
  const messages = [...reply.before, refusal(reply.request, code, reason)];
  turn.actions.push({ type: 'post', connectionId: reply.connectionId, messages });
}
