import type { GoneReport, MediaState } from '@hyperroom/protocol';
import type { AgentAction } from './events.ts';
import { MAX_SPENT } from './policy.ts';
import { type EndpointRef, entryOf, type Member, type Publication, type Receiver, type RoomState } from './state.ts';

/** One room while it reacts to one event: a draft of its next state, and what has to be done. */
export interface Turn {
  room: RoomState;
  actions: AgentAction[];
  /** Whether the media server can be asked for anything. */
  mediaUp: boolean;
  /** A number for a message of the agent's own. */
  nextPush: () => number;
}

export function refOf(turn: Turn, member: Member, url: string): EndpointRef {
  return { room: turn.room.key, stay: member.stay, url };
}

/** Gives the endpoint of a connection back, if it has one. A pipeline that is gone has taken its endpoints along. */
export function release(turn: Turn, member: Member, leg: Publication | Receiver): void {
  const exists = leg.phase.name === 'answering' || leg.phase.name === 'answered';
  if (exists && turn.room.open) turn.actions.push({ type: 'release', endpoint: refOf(turn, member, leg.url) });
}

/** A receiver has done its duty; its URL is remembered, so that a late duplicate of its offer starts nothing. */
export function retire(turn: Turn, member: Member, receiver: Receiver, why: string): void {
  release(turn, member, receiver);
  member.receivers.delete(receiver.url);
  spend(member, receiver.url, why);
}

export function spend(member: Member, url: string, why: string): void {
  member.spent.set(url, why);
  const [oldest] = member.spent.keys();
  if (member.spent.size > MAX_SPENT && oldest !== undefined) member.spent.delete(oldest);
}

export function reportMedia(turn: Turn, member: Member, media: MediaState): void {
  if (member.media === media || !entryOf(turn.room, member)) return;
  member.media = media;
  const { room, incarnation } = turn.room.roster;
  const { participant, admitted } = member;
  turn.actions.push({
    type: 'report',
    report: { report: 'media', resource: room, incarnation, participant, admitted, media },
  });
}

export function reportGone(
  turn: Turn,
  { participant, admitted }: Pick<Member, 'participant' | 'admitted'>,
  onlyIfDisconnected: boolean,
): void {
  const { room, incarnation } = turn.room.roster;
  const report: GoneReport = {
    report: 'gone',
    resource: room,
    incarnation,
    participant,
    admitted,
    onlyIfDisconnected,
  };
  turn.actions.push({ type: 'report', report });
}
