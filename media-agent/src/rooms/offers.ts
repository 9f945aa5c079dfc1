import { Code, type Connection, type IceCandidate, type PublicationName } from '@hyperroom/protocol';
import { restrictVideo } from './codec.ts';
import { MAX_EARLY_CANDIDATES, MAX_EARLY_CONNECTIONS, MAX_RECEIVERS } from './policy.ts';
import { failPublication } from './refusals.ts';
import type { Member, Phase, Publication } from './state.ts';
import { predecessorOf } from './succession.ts';
import { isPresent, refOf, spend, type Turn } from './turn.ts';

interface Offered {
  url: string;
  /** The room's codec is all that is left of its video; null: it has none of it. */
  sdp: string | null;
  candidates: IceCandidate[];
}

export function offer(turn: Turn, member: Member, { url, data }: Connection, joining: boolean): void {
  if (member.refused || isKnown(member, url)) return;
  const candidates = [...data.iceCandidates, ...(member.early.get(url) ?? [])];
  member.early.delete(url);
  const offered = { url, sdp: restrictVideo(data.connectionDescription.sdp, turn.room.roster.codec), candidates };
  if (data.direction === 'receive') offerToReceive(turn, member, offered, data.replaces);
  else if (data.publication) offerToPublish(turn, member, offered, data.publication, joining);
}

function offerToPublish(
  turn: Turn,
  member: Member,
  { url, sdp, candidates }: Offered,
  name: PublicationName,
  joining: boolean,
): void {
  if (!isPresent(turn, member, { name, url })) {
    spend(member, url, 'not published any more');
    return;
  }
  const phase: Phase = { name: 'answering' };
  const leg: Publication = {
    url,
    name,
    phase,
    candidates,
    connected: false,
    joining,
    media: 'connecting',
    flowing: [],
  };
  member.publications.set(url, leg);
  if (sdp === null) {
    failPublication(turn, member, leg, Code.badRequest, lacks(turn));
    return;
  }
  turn.vacant -= 1;
  const endpoint = refOf(turn, member, url);
  const { maxBitrate } = turn.room.roster;
  turn.actions.push({ type: 'answer', endpoint, direction: 'publish', offer: sdp, maxBitrate });
}

function offerToReceive(
  turn: Turn,
  member: Member,
  { url, sdp, candidates }: Offered,
  named: string | undefined,
): void {
  if (member.receivers.size >= MAX_RECEIVERS) {
    spend(member, url, `a participant receives through at most ${MAX_RECEIVERS} connections`);
    return;
  }
  const phase: Phase = sdp === null ? { name: 'failed', error: lacks(turn) } : { name: 'held', offer: sdp };
  const told = { answer: false, peer: null };
  const replaces = sdp === null ? null : predecessorOf(turn, member, named);
  member.receivers.set(url, { url, phase, replaces, candidates, connected: false, peer: null, flow: null, told });
  member.waived.clear();
}

const lacks = ({ room }: Turn) => `the offer lacks ${room.roster.codec}`;

export function isKnown(member: Member, url: string): boolean {
  return member.publications.has(url) || member.receivers.has(url) || member.spent.has(url);
}

/** Candidates wait for the answer to their offer, and even for the offer. */
export function trickle(turn: Turn, member: Member, url: string, candidates: IceCandidate[]): void {
  if (member.refused || member.spent.has(url)) return;
  const leg = member.publications.get(url) ?? member.receivers.get(url);
  if (leg?.phase.name === 'answered') {
    const endpoint = refOf(turn, member, url);
    for (const candidate of candidates) turn.actions.push({ type: 'addCandidate', endpoint, candidate });
  } else if (leg) {
    leg.candidates = [...leg.candidates, ...candidates].slice(0, MAX_EARLY_CANDIDATES);
  } else if (member.early.has(url) || member.early.size < MAX_EARLY_CONNECTIONS) {
    const early = [...(member.early.get(url) ?? []), ...candidates];
    member.early.set(url, early.slice(0, MAX_EARLY_CANDIDATES));
  }
}
