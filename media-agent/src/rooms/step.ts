import type { IceServer, MediaCommand, Roster } from '@hyperroom/protocol';
import { dismissSpares } from './bind.ts';
import { placesFor, takeCommand } from './commands.ts';
import { awaitTransportsAnew, takeConnectingOver } from './connecting.ts';
import { takeAnswer, takeFailure, takeFlow, takeMissing, takeTransport, takeWiring } from './endpoints.ts';
import type { AgentAction, AgentEvent, Timer } from './events.ts';
import { awaitMove, bury, supersededIn, withRoomOf } from './lives.ts';
import { reportLoss } from './loss.ts';
import { reconcile } from './plan.ts';
import { TOMBSTONE_LIFE } from './policy.ts';
import { askAllAnew, doubtAll, takeAlive, takeProbeOver, takeSignOfLife } from './probes.ts';
import { restore } from './restore.ts';
import { type AgentState, draftOf, ENDED, endpointsIn, isOver, type RoomKey, roomKeyOf, stays } from './state.ts';
import { takeHandOverOver } from './succession.ts';
import type { Turn } from './turn.ts';
import { endGrace, reportRemoved, takeEmptyOver, takeGraceOver } from './waits.ts';

export interface Step {
  state: AgentState;
  actions: AgentAction[];
}

/** All that the agent decides: what an event changes, and what is to be done about it. */
export function step(state: AgentState, event: AgentEvent): Step {
  return then(react(state, event), makeUpForLacks);
}

function react(state: AgentState, event: AgentEvent): Step {
  switch (event.type) {
    case 'command':
      return takeMediaCommand(state, event.command, event.iceServers);
    case 'answered':
      return inRoom(state, event.endpoint.room, (turn) => takeAnswer(turn, event.endpoint, event.sdp));
    case 'unanswered':
      return inRoom(state, event.endpoint.room, (turn) => takeFailure(turn, event.endpoint, event.code, event.reason));
    case 'transport':
      return inRoom(state, event.endpoint.room, (turn) => takeTransport(turn, event.endpoint, event.state));
    case 'flow':
      return inRoom(state, event.endpoint.room, (turn) => takeFlow(turn, event.endpoint, event.kind, event.flowing));
    case 'missing':
      return inRoom(state, event.endpoint.room, (turn) => takeMissing(turn, event.endpoint));
    case 'wired':
      return inRoom(state, event.endpoint.room, (turn) => takeWiring(turn, event.endpoint, event.flows));
    case 'timeUp':
      return takeTimeUp(state, event.timer);
    case 'unreachable':
      return inEach(state, (turn) => takeUnreachable(turn, event.connectionId));
    case 'alive':
      return inEach(state, (turn) => takeAlive(turn, event.hyperty));
    case 'media':
      return inEach({ ...state, media: event.state }, () => {});
    case 'link':
      return takeLink(state, event.up);
    case 'restored':
      return takeRestored(state);
  }
}

function then(first: Step, next: (state: AgentState) => Step): Step {
  const { state, actions } = next(first.state);
  return { state, actions: [...first.actions, ...actions] };
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
  const { media, linked } = state;
  const scarce = [...state.rooms.values()].some((other) => other !== room && other.lacking > 0);
  const turn: Turn = { room: draftOf(room), actions: [], media, linked, vacant: vacancies(state), scarce, nextPush };
  react(turn);
  reconcile(turn);
  const next = { ...turn.room, endpoints: endpointsIn(turn.room) };
  return { state: { ...state, pushes, rooms: new Map(state.rooms).set(key, next) }, actions: turn.actions };
}

function inEach(state: AgentState, react: (turn: Turn) => void): Step {
  let step: Step = { state, actions: [] };
  for (const key of state.rooms.keys()) step = then(step, (state) => inRoom(state, key, react));
  return step;
}

function vacancies({ capacity, rooms }: AgentState): number {
  return capacity - [...rooms.values()].reduce((sum, { endpoints }) => sum + endpoints, 0);
}

/** Whoever shows nothing gives way. */
function makeRoom(state: AgentState, places: number): Step {
  let step: Step = { state, actions: [] };
  for (const key of state.rooms.keys()) {
    const missing = places - vacancies(step.state);
    if (missing <= 0) break;
    step = then(step, (state) => inRoom(state, key, (turn) => dismissSpares(turn, missing)));
  }
  return step;
}

/** Nobody gives way in vain. */
function makeRoomIfEnough(state: AgentState, places: number): Step {
  const made = makeRoom(state, places);
  return vacancies(made.state) >= places ? made : { state, actions: [] };
}

/** A room that lacks endpoints gets them as soon as there are any to be had. */
function makeUpForLacks(state: AgentState): Step {
  let step: Step = { state, actions: [] };
  for (const { key, lacking } of state.rooms.values()) {
    if (lacking === 0) continue;
    step = then(step, (state) => makeRoom(state, lacking));
    if (vacancies(step.state) > 0) step = then(step, (state) => inRoom(state, key, () => {}));
  }
  return step;
}

function takeMediaCommand(state: AgentState, command: MediaCommand, iceServers: IceServer[] | undefined): Step {
  const { roster } = command;
  const key = roomKeyOf(roster);
  // Where there is nothing any more to go on with it is an end like others.
  if (command.command === 'sync' && command.moved && state.rooms.get(key)?.open) return inRoom(state, key, awaitMove);
  const isNews = !state.rooms.has(key);
  const buried = burySuperseded(withRoomOf(state, command), roster.room);
  const cleared = then(buried, (state) => makeRoomIfEnough(state, placesFor(command, state.rooms.get(key))));
  const taken = then(cleared, (state) =>
    inRoom(state, key, (turn) => {
      adopt(turn, roster);
      if (command.command !== 'sync') takeCommand(turn, command, iceServers);
      else if (isNews) doubtAll(turn);
    }),
  );
  return then(taken, (state) => entomb(state, key));
}

/** The newest roster wins. Who has come back on another connection is told everything again: posts to the old one are lost. */
function adopt(turn: Turn, roster: Roster): void {
  const { room } = turn;
  if (roster.version <= room.roster.version) return;
  const before = stays(room.roster);
  room.roster = roster;
  reportRemoved(turn, before);
  for (const [stay, now] of stays(roster)) {
    const then = before.get(stay);
    const isElsewhere = then?.connectionId !== now.connectionId;
    const isBack = now.status === 'live' && then?.status === 'disconnected';
    const member = room.members.get(stay);
    if (isElsewhere) endGrace(turn, stay);
    if (then && (isElsewhere || isBack)) takeSignOfLife(turn, stay);
    if (!member) continue;
    if (isElsewhere) for (const receiver of member.receivers.values()) receiver.told = { answer: false, peer: null };
    if (isElsewhere || isBack) awaitTransportsAnew(turn, member);
  }
}

function burySuperseded(state: AgentState, url: string): Step {
  let step: Step = { state, actions: [] };
  for (const key of supersededIn(state, url)) {
    if (state.rooms.get(key)?.roster.version === ENDED) continue;
    step = then(step, (state) => inRoom(state, key, bury));
    step = then(step, (state) => entomb(state, key));
  }
  return step;
}

/** What is over is remembered for a while: stragglers start nothing. */
function entomb(state: AgentState, key: RoomKey): Step {
  const room = state.rooms.get(key);
  const actions: AgentAction[] = [];
  if (room && isOver(room)) {
    actions.push({ type: 'startTimer', timer: { name: 'forget', room: key }, ms: TOMBSTONE_LIFE });
  }
  return { state, actions };
}

function takeTimeUp(state: AgentState, timer: Timer): Step {
  switch (timer.name) {
    case 'grace':
      return inRoom(state, timer.room, (turn) => takeGraceOver(turn, timer.stay));
    case 'probe':
      return inRoom(state, timer.room, (turn) => takeProbeOver(turn, timer.stay));
    case 'handOver':
      return inRoom(state, timer.room, (turn) => takeHandOverOver(turn, timer));
    case 'connecting':
      return inRoom(state, timer.room, (turn) => takeConnectingOver(turn, timer));
    case 'empty':
      return inRoom(state, timer.room, takeEmptyOver);
    case 'lost':
      return inRoom(state, timer.room, reportLoss);
    case 'moved':
      return then(inRoom(state, timer.room, bury), (state) => entomb(state, timer.room));
    case 'forget':
      return { state: forget(state, timer.room), actions: [] };
  }
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

function takeLink(state: AgentState, up: boolean): Step {
  const isBack = up && !state.linked;
  return inEach({ ...state, linked: up }, (turn) => {
    if (isBack) askAllAnew(turn);
  });
}

function takeRestored(state: AgentState): Step {
  let step = inEach(state, restore);
  for (const key of state.rooms.keys()) step = then(step, (state) => entomb(state, key));
  return step;
}
