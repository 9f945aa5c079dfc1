import type { RosterEntry } from '@hyperroom/protocol';
import { PROBE_INTERVAL, PROBE_PATIENCE } from './policy.ts';
import { type Member, type Probe, type StayKey, stays } from './state.ts';
import { cancelTimer, startTimer, type Turn } from './turn.ts';

/** Media that come in prove their participant alive; whoever sends none is asked now and then. */
export function tendProbes(turn: Turn): void {
  const { room } = turn;
  const present = stays(room.roster);
  for (const stay of room.probes.keys()) if (!isUncertain(turn, stay, present.get(stay))) endProbe(turn, stay);
  for (const [stay, entry] of present) {
    if (!room.probes.has(stay) && isUncertain(turn, stay, entry)) askLater(turn, stay);
  }
}

/** Who is known to be without a socket is waited for instead of asked. */
function isUncertain({ room }: Turn, stay: StayKey, entry: RosterEntry | undefined): boolean {
  if (entry?.status !== 'live' || room.unreachable.has(entry.connectionId)) return false;
  return !isProved(room.members.get(stay));
}

function isProved(member: Member | undefined): boolean {
  const legs = [...(member?.publications.values() ?? [])];
  return legs.some(({ phase, connected, flowing }) => phase.name === 'answered' && connected && flowing.length > 0);
}

/** There is reason to ask at once. */
export function doubt(turn: Turn, stay: StayKey): void {
  const entry = stays(turn.room.roster).get(stay);
  if (entry && isUncertain(turn, stay, entry) && !isAsked(turn, stay)) ask(turn, stay, entry, 'asked');
}

function isAsked({ room }: Turn, stay: StayKey): boolean {
  const probe = room.probes.get(stay);
  return probe !== undefined && probe !== 'due';
}

export function doubtAll(turn: Turn): void {
  for (const stay of stays(turn.room.roster).keys()) doubt(turn, stay);
}

/** Whatever they have answered may not have arrived. */
export function askAll(turn: Turn): void {
  turn.room.probes.clear();
  doubtAll(turn);
}

/** Who was not heard may just have had nobody to hear him. Who is gone is found out again. */
export function askAllAnew(turn: Turn): void {
  turn.room.unreachable.clear();
  askAll(turn);
}

/** It is there, whatever a post or a probe has made us believe. */
export function takeSignOfLife(turn: Turn, stay: StayKey): void {
  const { room } = turn;
  const entry = stays(room.roster).get(stay);
  if (entry) room.unreachable.delete(entry.connectionId);
  if (isAsked(turn, stay)) askLater(turn, stay);
}

export function takeAlive(turn: Turn, hyperty: string): void {
  for (const [stay, entry] of stays(turn.room.roster)) {
    if (entry.hypertyURL === hyperty) takeSignOfLife(turn, stay);
  }
}

/** Time to ask, or asked in vain. */
export function takeProbeOver(turn: Turn, stay: StayKey): void {
  const { room } = turn;
  const entry = stays(room.roster).get(stay);
  const probe = room.probes.get(stay);
  if (!entry || !probe) return;
  if (probe !== 'pressed' || !turn.linked) {
    ask(turn, stay, entry, probe === 'due' ? 'asked' : 'pressed');
    return;
  }
  room.unreachable.add(entry.connectionId);
  room.probes.delete(stay);
  // The grace is time to answer, too.
  send(turn, entry);
}

function ask(turn: Turn, stay: StayKey, entry: RosterEntry, probe: Probe): void {
  send(turn, entry);
  turn.room.probes.set(stay, probe);
  startTimer(turn, { name: 'probe', stay }, PROBE_PATIENCE);
}

function send(turn: Turn, { connectionId, hypertyURL: to }: RosterEntry): void {
  const id = `probe-${turn.nextPush()}`;
  turn.actions.push({ type: 'probe', connectionId, id, to, resource: turn.room.roster.room });
}

function askLater(turn: Turn, stay: StayKey): void {
  turn.room.probes.set(stay, 'due');
  startTimer(turn, { name: 'probe', stay }, PROBE_INTERVAL);
}

function endProbe(turn: Turn, stay: StayKey): void {
  turn.room.probes.delete(stay);
  cancelTimer(turn, { name: 'probe', stay });
}
