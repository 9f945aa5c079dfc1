import { Code, type MediaCommand, type Roster } from '@hyperroom/protocol';
import { takeCommand } from './commands.ts';
import { takeAnswer, takeFailure, takeTransport } from './endpoints.ts';
import type { AgentAction, AgentEvent } from './events.ts';
import { reconcile } from './plan.ts';
import { TOMBSTONE_LIFE } from './policy.ts';
import { refuse, turnAway } from './refusals.ts';
import {
  type AgentState,
  draftOf,
  isEmpty,
  lasts,
  type MediaServerState,
  type Member,
  newMember,
  type RoomKey,
  type RoomState,
  roomKeyOf,
} from './state.ts';
import { reportMedia, reportUnpublished, type Turn } from './turn.ts';
import { takeEmptyOver, takeGraceOver } from './waits.ts';

export interface Step {
  state: AgentState;
  actions: AgentAction[];
}

/** All that the agent decides: what an event changes, and what is to be done about it. */
export function step(state: AgentState, event: AgentEvent): Step {
  switch (event.type) {
    case 'command':
      return takeMediaCommand(state, event.command);
    case 'answered':
      return inRoom(state, event.endpoint.room, (turn) => takeAnswer(turn, event.endpoint, event.sdp));
    case 'unanswered':
      return inRoom(state, event.endpoint.room, (turn) => takeFailure(turn, event.endpoint, event.code, event.reason));
    case 'transport':
      return inRoom(state, event.endpoint.room, (turn) => takeTransport(turn, event.endpoint, event.state));
    case 'graceOver':
      return inRoom(state, event.room, (turn) => takeGraceOver(turn, event.stay));
    case 'emptyOver':
      return inRoom(state, event.room, takeEmptyOver);
    case 'unreachable':
      return inEach(state, (turn) => takeUnreachable(turn, event.connectionId));
    case 'forget':
      return { state: forget(state, event.room), actions: [] };
    case 'media':
      return takeMedia(state, event.state);
  }
}

/** Lets one room react, and then agree with its roster again. */
function inRoom(state: AgentState, key: RoomKey, react: (turn: Turn) => void): Step {
  const room = state.rooms.get(key);
  if (!room) return { state, actions: [] };
  let { pushes } = state;
  const nextPush = () => {
    pushes += 1;
    return pushes;
  };
  const turn: Turn = { room: draftOf(room), actions: [], mediaUp: state.media === 'up', nextPush };
  react(turn);
  reconcile(turn);
  return { state: { ...state, pushes, rooms: new Map(state.rooms).set(key, turn.room) }, actions: turn.actions };
}

function inEach(state: AgentState, react: (turn: Turn) => void): Step {
  const actions: AgentAction[] = [];
  let next = state;
  for (const key of state.rooms.keys()) {
    const step = inRoom(next, key, react);
    next = step.state;
    actions.push(...step.actions);
  }
  return { state: next, actions };
}

function takeMediaCommand(state: AgentState, command: MediaCommand): Step {
  const key = roomKeyOf(command.roster);
  const room = state.rooms.get(key) ?? newRoom(command.roster);
  const created = room.created ?? (command.command === 'join' ? command.room.created : null);
  const known = { ...state, rooms: new Map(state.rooms).set(key, { ...room, created }) };

  const over = burySuperseded(known, command.roster.room);
  const step = inRoom(over.state, key, (turn) => {
    adopt(turn, command.roster);
    if (command.command !== 'sync') takeCommand(turn, command);
  });
  return { state: step.state, actions: [...over.actions, ...step.actions, ...entombed(step.state, key)] };
}

function newRoom(roster: Roster): RoomState {
  return {
    key: roomKeyOf(roster),
    roster: { ...roster, version: -1, participants: {} },
    created: null,
    open: false,
    members: new Map(),
    unreachable: new Set(),
    graces: new Set(),
    emptyAt: null,
  };
}

/** The newest roster wins. Who has come back on another connection is told everything again: posts to the old one are lost. */
function adopt({ room }: Turn, roster: Roster): void {
  if (roster.version <= room.roster.version) return;
  for (const member of room.members.values()) {
    const before = room.roster.participants[member.participant];
    const now = roster.participants[member.participant];
    if (before?.connectionId === now?.connectionId) continue;
    for (const receiver of member.receivers.values()) receiver.told = { answer: false, peer: null };
  }
  room.roster = roster;
}

/** Of the incarnations of a room only the one created last can live, even if nobody has told of the others' end. */
function burySuperseded(state: AgentState, url: string): Step {
  const dated = [...state.rooms.values()].flatMap(({ key, roster, created }) =>
    roster.room === url && created !== null ? { key, created } : [],
  );
  const last = dated
    .map(({ created }) => created)
    .sort()
    .at(-1);
  const actions: AgentAction[] = [];
  let next = state;
  for (const { key, created } of dated) {
    if (created === last) continue;
    const step = inRoom(next, key, bury);
    next = step.state;
    actions.push(...step.actions, ...entombed(next, key));
  }
  return { state: next, actions };
}

/** No command of this incarnation brings it back. */
function bury({ room }: Turn): void {
  room.roster = { ...room.roster, version: Number.MAX_SAFE_INTEGER, participants: {} };
}

function entombed(state: AgentState, key: RoomKey): AgentAction[] {
  const room = state.rooms.get(key);
  return room && isOver(room) ? [{ type: 'forgetLater', room: key, ms: TOMBSTONE_LIFE }] : [];
}

function isOver({ roster }: RoomState): boolean {
  return isEmpty(roster) && !lasts(roster);
}

function forget(state: AgentState, key: RoomKey): AgentState {
  const room = state.rooms.get(key);
  if (!room || !isOver(room)) return state;
  const rooms = new Map(state.rooms);
  rooms.delete(key);
  return { ...state, rooms };
}

function takeUnreachable({ room }: Turn, connectionId: string): void {
  const known = Object.values(room.roster.participants).some((entry) => entry.connectionId === connectionId);
  if (known) room.unreachable.add(connectionId);
}

function takeMedia(state: AgentState, media: MediaServerState): Step {
  return inEach({ ...state, media }, (turn) => {
    if (media === 'lost') dropMedia(turn);
  });
}

/** Nothing that the media server held is left. The rosters and the wishes stay: whoever is in a room may offer anew. */
function dropMedia(turn: Turn): void {
  const { room, actions } = turn;
  if (room.open) actions.push({ type: 'releasePipeline', room: room.key });
  room.open = false;
  for (const member of room.members.values()) if (!member.refused) dropMediaOf(turn, member);
}

function dropMediaOf(turn: Turn, member: Member): void {
  const reason = 'the media server was lost';
  for (const leg of member.publications.values()) {
    if (leg.phase.name === 'answering' && !leg.joining) reportUnpublished(turn, member, leg);
    else reportMedia(turn, member, leg, 'failed');
  }
  const joining = member.requests.some((request) => request.joined);
  if (joining) {
    refuse(turn, member, Code.noMediaNode, reason);
    return;
  }
  for (const { reply } of member.requests) turnAway(turn, reply, Code.noMediaNode, reason);
  turn.room.members.set(member.stay, newMember(member.participant, member.admitted, member.wishes));
}
