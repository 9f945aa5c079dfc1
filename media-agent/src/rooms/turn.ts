import { idOf, type MediaState, type Roster, type RosterEntry } from '@hyperroom/protocol';
import type { AgentAction, RoomReport, Timer } from './events.ts';
import { MAX_SPENT } from './policy.ts';
import {
  type EndpointRef,
  entryOf,
  hasEndpoint,
  type MediaServerState,
  type Member,
  type Publication,
  type Receiver,
  type RoomState,
} from './state.ts';

/** One room while it reacts to one event: a draft of its next state, and what has to be done. */
export interface Turn {
  room: RoomState;
  actions: AgentAction[];
  media: MediaServerState;
  /** Whether answers of participants arrive. */
  linked: boolean;
  /** How many endpoints more there may be. */
  vacant: number;
  /** Endpoints are lacking elsewhere: none is to be spent on what is not needed yet. */
  scarce: boolean;
  /** A number for a message of the agent's own. */
  nextPush: () => number;
}

export function refOf({ room }: Pick<Turn, 'room'>, member: Member, url: string): EndpointRef {
  return { room: room.key, stay: member.stay, url };
}

/** Whether the media server can be asked for anything. */
export function isServed({ media, room }: Turn): boolean {
  return media === 'up' && !room.lost;
}

/** Gives the endpoint of a connection back, if it has one. A pipeline that is gone has taken its endpoints along. */
export function release(turn: Turn, member: Member, leg: Publication | Receiver): void {
  if (!hasEndpoint(leg) || !turn.room.open) return;
  turn.vacant += 1;
  turn.actions.push({ type: 'release', endpoint: refOf(turn, member, leg.url) });
}

/** A connection has done its duty; its URL is remembered, so that a late duplicate of its offer starts nothing. */
export function retire(turn: Turn, member: Member, leg: Publication | Receiver, why: string): void {
  release(turn, member, leg);
  member.receivers.delete(leg.url);
  member.publications.delete(leg.url);
  spend(member, leg.url, leg.phase.name === 'failed' ? leg.phase.error : why);
}

/** Retires a receiver whose client does not know yet. */
export function dismiss(turn: Turn, member: Member, receiver: Receiver, why: string): void {
  release(turn, member, receiver);
  fail(receiver, why);
}

/** It is of no use, and has no endpoint any more: its client is to be told. */
export function fail(receiver: Receiver, error: string): void {
  receiver.phase = { name: 'failed', error };
  receiver.peer = null;
  receiver.flow = null;
  receiver.connected = false;
  receiver.replaces = null;
  receiver.told = { answer: false, peer: null };
}

export function spend(member: Member, url: string, why: string): void {
  member.spent.set(url, why);
  const [oldest] = member.spent.keys();
  if (member.spent.size > MAX_SPENT && oldest !== undefined) member.spent.delete(oldest);
}

/** Whether this connection is the one that the roster has for the publication, and not one that it replaces. */
export function isPresent({ room }: Turn, member: Member, { name, url }: Pick<Publication, 'name' | 'url'>): boolean {
  return entryOf(room, member)?.publications[name]?.connection === url;
}

export function reportMedia(turn: Turn, member: Member, leg: Publication, media: MediaState): void {
  if (leg.media === media || !isPresent(turn, member, leg)) return;
  leg.media = media;
  reportMediaAgain(turn, member, leg);
}

export function reportMediaAgain(turn: Turn, member: Member, leg: Publication): void {
  const { name: publication, url: connection, media } = leg;
  if (media === 'connecting' || !isPresent(turn, member, leg)) return;
  report(turn, { report: 'media', ...stayOf(turn, member), publication, connection, media });
}

export function reportUnpublished(turn: Turn, member: Member, leg: Pick<Publication, 'name' | 'url'>): void {
  if (!isPresent(turn, member, leg)) return;
  const { name: publication, url: connection } = leg;
  report(turn, { report: 'unpublished', ...stayOf(turn, member), publication, connection });
}

/** Of somebody whose join the media server could not take. */
export function reportRefused(turn: Turn, member: Member): void {
  report(turn, { report: 'gone', ...stayOf(turn, member), onlyIfDisconnected: false });
}

/** Of somebody whose connection is gone, or silent: who goes on with the stay on another is not meant. */
export function reportGone(
  turn: Turn,
  { hypertyURL, admitted, connectionId }: RosterEntry,
  onlyIfDisconnected: boolean,
) {
  const stay = stayOf(turn, { participant: idOf(hypertyURL), admitted });
  report(turn, { report: 'gone', ...stay, connectionId, onlyIfDisconnected });
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type TimerOfRoom = DistributiveOmit<Timer, 'room'>;

export function startTimer({ room, actions }: Turn, timer: TimerOfRoom, ms: number): void {
  actions.push({ type: 'startTimer', timer: { ...timer, room: room.key }, ms });
}

export function cancelTimer({ room, actions }: Turn, timer: TimerOfRoom): void {
  actions.push({ type: 'cancelTimer', timer: { ...timer, room: room.key } });
}

export function report({ actions }: Turn, report: RoomReport): void {
  actions.push({ type: 'report', report });
}

function stayOf({ room }: Turn, { participant, admitted }: Pick<Member, 'participant' | 'admitted'>) {
  return { ...lifeOf(room), participant, admitted };
}

export function lifeOf({ roster }: RoomState): Pick<Roster, 'incarnation' | 'epoch'> & { resource: string } {
  const { room: resource, incarnation, epoch } = roster;
  return { resource, incarnation, epoch };
}
