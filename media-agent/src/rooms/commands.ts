import {
  Code,
  type IceServer,
  type JoinCommand,
  type MediaCommand,
  type Subscriptions,
  type UpdateCommand,
} from '@hyperroom/protocol';
import { isKnown, offer, trickle } from './offers.ts';
import { takeSignOfLife } from './probes.ts';
import { refuse, turnAway, turnAwayAbsent } from './refusals.ts';
import { type Member, newMember, participantIn, type RoomState, stayKeyOf } from './state.ts';
import { isServed, reportUnpublished, type Turn } from './turn.ts';
import { wishesOf } from './wishes.ts';

type ClientCommand = JoinCommand | UpdateCommand;

/** Takes in what a participant offers, wants and asks. What follows from it is the planner's business. */
export function takeCommand(turn: Turn, command: ClientCommand, iceServers: IceServer[] | undefined): void {
  const member = memberOf(turn, command);
  if (!member) {
    turnAwayAbsent(turn, command.reply);
    return;
  }
  takeSignOfLife(turn, member.stay);
  if (command.subscriptions) takeWishes(member, command.subscriptions);
  const obstacle = member.refused ? null : obstacleTo(turn, command);
  if (obstacle !== null) {
    refuseForMedia(turn, member, command, obstacle);
    return;
  }
  addRequest(member, command, iceServers);
  const joining = command.command === 'join';
  for (const connection of command.connections) offer(turn, member, connection, joining);
  if (command.command === 'update') {
    for (const { url, iceCandidates } of command.candidates) trickle(turn, member, url, iceCandidates);
  }
}

/** Who speaks, unless that stay is over. */
function memberOf({ room }: Turn, command: ClientCommand): Member | null {
  const { participant } = command;
  const speaker = participantIn(command.roster, participant);
  const present = participantIn(room.roster, participant);
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
function addRequest(member: Member, command: ClientCommand, iceServers?: IceServer[]): void {
  const { reply } = command;
  const known = member.requests.some(
    (request) => request.reply.request.id === reply.request.id && request.reply.connectionId === reply.connectionId,
  );
  if (known) return;
  const urls = command.connections.map((connection) => connection.url);
  const joined = command.command === 'join' ? command.room : null;
  member.requests.push({
    reply,
    urls,
    joined,
    version: command.roster.version,
    awaits: null,
    ...(iceServers && { iceServers }),
  });
}

/** Why the media server cannot do what is asked, if so. */
function obstacleTo(turn: Turn, command: ClientCommand): string | null {
  const needsMedia = command.command === 'join' || command.connections.length + command.candidates.length > 0;
  if (needsMedia && !isServed(turn)) return 'the media server is out of reach';
  return placesFor(command, turn.room) > turn.vacant ? 'the media server is full' : null;
}

/**
 * How many endpoints it takes to do what is asked. Whoever joins shall also see those who are there; other offers to
 * receive can wait until there is room for them.
 */
export function placesFor(command: MediaCommand, room: RoomState | undefined): number {
  if (command.command === 'sync') return 0;
  const { roster, participant } = command;
  const speaker = participantIn(roster, participant);
  const member = room?.members.get(stayKeyOf(participant, speaker?.admitted ?? 0));
  const offers = command.connections.filter(({ url }) => !member || !isKnown(member, url));
  const toPublish = offers.filter(({ data }) => data.direction === 'publish').length;
  if (command.command === 'update' || !speaker?.subscribes) return toPublish;
  const others = Object.entries(roster.participants).filter(([id]) => id !== participant);
  const published = others.flatMap(([, { publications }]) => Object.values(publications)).length;
  return toPublish + Math.min(published, offers.length - toPublish, roster.lastN);
}

/** Nobody joins without media; an offer of somebody who is in may be made again later. */
function refuseForMedia(turn: Turn, member: Member, command: ClientCommand, reason: string): void {
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
