import {
  Code,
  type Connection,
  type IceCandidate,
  type JoinCommand,
  type OfferCommand,
  type ReplyTo,
  refusal,
} from '@hyperroom/protocol';
import { MAX_EARLY_CANDIDATES, MAX_EARLY_CONNECTIONS, MAX_RECEIVERS } from './policy.ts';
import { type Member, stayKeyOf } from './state.ts';
import { refOf, release, reportGone, retire, spend, type Turn } from './turn.ts';

type ClientCommand = JoinCommand | OfferCommand;

/** Takes in what a participant offers and asks. What follows from it is the planner's business. */
export function takeCommand(turn: Turn, command: ClientCommand): void {
  const member = memberOf(turn, command);
  if (!member) {
    turnAway(turn, command.reply, Code.notFound, 'the participant is not in this room any more');
  } else if (!turn.mediaUp && !member.refused) {
    refuseForMedia(turn, member, command);
  } else {
    takeOffers(turn, member, command);
  }
}

function takeOffers(turn: Turn, member: Member, command: ClientCommand): void {
  addRequest(member, command);
  for (const connection of command.connections) offer(turn, member, connection);
  if (command.command === 'offer') {
    for (const { url, iceCandidates } of command.candidates) trickle(turn, member, url, iceCandidates);
  }
}

/** Who speaks, unless that stay is over. */
function memberOf({ room }: Turn, command: ClientCommand): Member | null {
  const { participant } = command;
  const speaker = command.roster.participants[participant];
  const present = room.roster.participants[participant];
  if (!speaker || speaker.admitted !== present?.admitted) return null;

  const stay = stayKeyOf(participant, speaker.admitted);
  const member = room.members.get(stay) ?? newMember(participant, speaker.admitted);
  room.members.set(stay, member);
  return member;
}

function newMember(participant: string, admitted: number): Member {
  return {
    stay: stayKeyOf(participant, admitted),
    participant,
    admitted,
    publication: null,
    receivers: new Map(),
    spent: new Map(),
    early: new Map(),
    waived: new Set(),
    requests: [],
    media: 'connecting',
    refused: null,
  };
}

/** A duplicate of a request that is still waiting gets no response of its own. */
function addRequest(member: Member, command: ClientCommand): void {
  const { reply } = command;
  const known = member.requests.some(
    (request) => request.reply.request.id === reply.request.id && request.reply.connectionId === reply.connectionId,
  );
  if (known) return;
  const urls = command.connections.map((connection) => connection.url);
  const joined = command.command === 'join' ? command.room : null;
  member.requests.push({ reply, urls, joined, version: command.roster.version, awaits: null });
}

function offer(turn: Turn, member: Member, { url, data }: Connection): void {
  if (member.refused || isKnown(member, url)) return;
  const leg = {
    url,
    candidates: [...data.iceCandidates, ...(member.early.get(url) ?? [])],
    connected: false,
  };
  member.early.delete(url);
  const { sdp } = data.connectionDescription;
  if (data.direction === 'publish') {
    if (member.publication) {
      spend(member, url, 'a participant publishes through one connection');
    } else {
      member.publication = { ...leg, phase: { name: 'answering' } };
      turn.actions.push({ type: 'answer', endpoint: refOf(turn, member, url), direction: 'publish', offer: sdp });
    }
  } else if (member.receivers.size >= MAX_RECEIVERS) {
    spend(member, url, `a participant receives through at most ${MAX_RECEIVERS} connections`);
  } else {
    const told = { answer: false, peer: false };
    member.receivers.set(url, { ...leg, phase: { name: 'held', offer: sdp }, peer: null, linked: false, told });
    member.waived.clear();
  }
}

function isKnown(member: Member, url: string): boolean {
  return member.publication?.url === url || member.receivers.has(url) || member.spent.has(url);
}

/** Candidates wait for the answer to their offer, and even for the offer. */
function trickle(turn: Turn, member: Member, url: string, candidates: IceCandidate[]): void {
  if (member.refused || member.spent.has(url)) return;
  const leg = member.publication?.url === url ? member.publication : member.receivers.get(url);
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

/** While Kurento is out of reach nobody can join; an offer of somebody who is in may be made again later. */
function refuseForMedia(turn: Turn, member: Member, command: ClientCommand): void {
  const reason = 'the media server is out of reach';
  if (command.command === 'offer') {
    turnAway(turn, command.reply, Code.noMediaNode, reason);
  } else {
    addRequest(member, command);
    refuse(turn, member, Code.noMediaNode, reason);
  }
}

/** The media server could not take this participant: it is told, its endpoints go, the conference is to remove it. */
export function refuse(turn: Turn, member: Member, code: Code, reason: string): void {
  member.refused = { code, reason };
  for (const receiver of [...member.receivers.values()]) retire(turn, member, receiver, reason);
  if (member.publication) {
    release(turn, member, member.publication);
    spend(member, member.publication.url, reason);
    member.publication = null;
  }
  member.early.clear();
  reportGone(turn, member, false);
}

export function turnAway(turn: Turn, reply: ReplyTo, code: Code, reason: string): void {
  const messages = [...reply.before, refusal(reply.request, code, reason)];
  turn.actions.push({ type: 'post', connectionId: reply.connectionId, messages });
}
