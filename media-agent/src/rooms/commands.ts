import { Code, type JoinCommand, type Subscriptions, type UpdateCommand } from '@hyperroom/protocol';
import { offer, trickle } from './offers.ts';
import { refuse, turnAway } from './refusals.ts';
import { type Member, newMember, stayKeyOf } from './state.ts';
import { reportUnpublished, type Turn } from './turn.ts';
import { wishesOf } from './wishes.ts';

type ClientCommand = JoinCommand | UpdateCommand;

/** Takes in what a participant offers, wants and asks. What follows from it is the planner's business. */
export function takeCommand(turn: Turn, command: ClientCommand): void {
  const member = memberOf(turn, command);
  if (!member) {
    turnAway(turn, command.reply, Code.notFound, 'the participant is not in this room any more');
    return;
  }
  if (command.subscriptions) takeWishes(member, command.subscriptions);
  if (!turn.mediaUp && !member.refused && needsMedia(command)) {
    refuseForMedia(turn, member, command);
    return;
  }
  addRequest(member, command);
  const joining = command.command === 'join';
  for (const connection of command.connections) offer(turn, member, connection, joining);
  if (command.command === 'update') {
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

/** Whoever asks anew means it: what it has closed before may be shown again. */
function takeWishes(member: Member, subscriptions: Subscriptions): void {
  if (subscriptions.revision <= member.wishes.revision) return;
  member.wishes = wishesOf(subscriptions);
  member.waived.clear();
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

function needsMedia(command: ClientCommand): boolean {
  return command.command === 'join' || command.connections.length + command.candidates.length > 0;
}

/** While Kurento is out of reach nobody can join; an offer of somebody who is in may be made again later. */
function refuseForMedia(turn: Turn, member: Member, command: ClientCommand): void {
  const reason = 'the media server is out of reach';
  if (command.command === 'join') {
    addRequest(member, command);
    refuse(turn, member, Code.noMediaNode, reason);
    return;
  }
  turnAway(turn, command.reply, Code.noMediaNode, reason);
  for (const { url, data } of command.connections) {
    const { publication: name } = data;
    if (name && data.direction === 'publish' && !member.publications.has(url))
      reportUnpublished(turn, member, { name, url });
  }
}
