import { Code } from '@hyperroom/protocol';
import { awaitTransport } from './connecting.ts';
import { reportLoss } from './loss.ts';
import { askAll } from './probes.ts';
import { refuse, turnAway } from './refusals.ts';
import type { Member, Receiver } from './state.ts';
import { awaitHandOver } from './succession.ts';
import { fail, release, reportMediaAgain, reportRefused, reportUnpublished, type Turn } from './turn.ts';
import { resumeWaits } from './waits.ts';

/**
 * In another process than the one that the state was made in: no answer comes any more to what that one has asked the
 * media server, and whether its last posts and reports have arrived is unknown. All of them may come twice.
 */
export function restore(turn: Turn): void {
  const { room } = turn;
  for (const member of room.members.values()) {
    abandonRequests(turn, member);
    repeatReports(turn, member);
    for (const receiver of member.receivers.values()) resumeReceiver(turn, member, receiver);
  }
  askAll(turn);
  resumeWaits(turn);
  reportLoss(turn);
}

/** In another process no timer runs yet. */
function resumeReceiver(turn: Turn, member: Member, receiver: Receiver): void {
  receiver.told = { answer: false, peer: null };
  awaitTransport(turn, member, receiver);
  awaitHandOver(turn, member, receiver);
}

/** Its client makes the same offers again, or others. */
function abandonRequests(turn: Turn, member: Member): void {
  const reason = 'the media node has started again';
  if (!member.refused && member.requests.some(({ joined }) => joined)) {
    refuse(turn, member, Code.noMediaNode, reason);
    return;
  }
  if (member.refused) return;
  const offered = new Set(member.requests.flatMap(({ urls }) => urls));
  for (const { reply } of member.requests) turnAway(turn, reply, Code.noMediaNode, reason);
  member.requests = [];
  dropUnanswered(turn, member, offered, reason);
}

function dropUnanswered(turn: Turn, member: Member, offered: ReadonlySet<string>, reason: string): void {
  for (const leg of [...member.publications.values()]) {
    if (leg.phase.name !== 'answering') continue;
    release(turn, member, leg);
    member.publications.delete(leg.url);
    reportUnpublished(turn, member, leg);
  }
  for (const receiver of [...member.receivers.values()]) {
    const { url, phase } = receiver;
    if (phase.name === 'answering') release(turn, member, receiver);
    if (offered.has(url) && phase.name !== 'answered') member.receivers.delete(url);
    else if (phase.name === 'answering') fail(receiver, reason);
  }
}

/** What is known of its flows is old. */
function repeatReports(turn: Turn, member: Member): void {
  if (member.refused) reportRefused(turn, member);
  for (const leg of member.publications.values()) {
    leg.flowing = [];
    if (leg.phase.name === 'failed' && leg.media === 'connecting') reportUnpublished(turn, member, leg);
    else reportMediaAgain(turn, member, leg);
  }
}
