import type { RosterEntry } from '@hyperroom/protocol';
import { GONE_REPEAT, MOVE_OVERLAP } from './policy.ts';
import { isEmpty, lasts, type StayKey, stays } from './state.ts';
import { cancelTimer, lifeOf, report, reportGone, startTimer, type Turn } from './turn.ts';

/**
 * Whoever has lost its socket is waited for: said by the roster, or found out by a post or a probe. That counts the
 * same, since API Gateway does not promise to tell the conference of a lost socket.
 */
export function tendGraces(turn: Turn): void {
  const { room } = turn;
  const present = stays(room.roster);
  const connections = new Set([...present.values()].map((entry) => entry.connectionId));
  for (const id of room.unreachable) if (!connections.has(id)) room.unreachable.delete(id);

  const away = (stay: StayKey) => {
    const entry = present.get(stay);
    return entry && (entry.status === 'disconnected' || room.unreachable.has(entry.connectionId));
  };
  for (const stay of room.graces.keys()) if (!away(stay)) endGrace(turn, stay);
  for (const stay of present.keys()) {
    if (room.graces.has(stay) || !away(stay)) continue;
    room.graces.set(stay, 'running');
    startTimer(turn, { name: 'grace', stay }, room.roster.departureGrace);
  }
}

/** Who is away from another connection has been back meanwhile. */
export function endGrace(turn: Turn, stay: StayKey): void {
  if (turn.room.graces.delete(stay)) cancelTimer(turn, { name: 'grace', stay });
}

/**
 * Nobody came back. The conference looks again itself if it knows of the loss. If it does not, a post has proved this
 * very connection gone, or a probe found nobody behind it, and no other has taken its place since: it must not wait for
 * a `$disconnect` that never came.
 * Repeated for as long as the roster still has the participant: a report or the roster that followed may be lost.
 */
export function takeGraceOver(turn: Turn, stay: StayKey): void {
  const { room } = turn;
  const entry = stays(room.roster).get(stay);
  if (!entry || !room.graces.has(stay)) return;
  startTimer(turn, { name: 'grace', stay }, GONE_REPEAT);
  // Whether he is silent, or nobody hears him, is not to be known then.
  if (entry.status === 'live' && !turn.linked) return;
  room.graces.set(stay, 'over');
  reportGone(turn, entry, entry.status === 'disconnected');
}

/**
 * Who was waited for and is not there any more, without a word of ours: whoever has removed him may not have come to
 * clear up after him, and the conference does that at a report in any case.
 */
export function reportRemoved(turn: Turn, before: ReadonlyMap<StayKey, RosterEntry>): void {
  const { room } = turn;
  const present = stays(room.roster);
  for (const [stay, entry] of before) {
    if (room.graces.get(stay) === 'running' && !present.has(stay)) reportGone(turn, entry, true);
  }
}

/** An empty room that lasts is ended on time, unless somebody comes. */
export function tendEmptiness(turn: Turn): void {
  const { room } = turn;
  const { roster } = room;
  const emptyAt = isEmpty(roster) && lasts(roster) ? roster.version : null;
  if (emptyAt === room.emptyAt) return;
  room.emptyAt = emptyAt;
  if (emptyAt === null) cancelTimer(turn, { name: 'empty' });
  else startTimer(turn, { name: 'empty' }, roster.emptyTimeout);
}

/** Repeated until a newer roster has come, be it that of the room's end. */
export function takeEmptyOver(turn: Turn): void {
  const { emptyAt } = turn.room;
  if (emptyAt === null) return;
  report(turn, { report: 'empty', ...lifeOf(turn.room), version: emptyAt });
  startTimer(turn, { name: 'empty' }, GONE_REPEAT);
}

/** In another process no timer runs yet, and what the one before has said of who is gone may not have arrived. */
export function resumeWaits(turn: Turn): void {
  const { room } = turn;
  for (const stay of [...room.graces.keys()]) {
    room.graces.set(stay, 'running');
    startTimer(turn, { name: 'grace', stay }, room.roster.departureGrace);
  }
  if (room.emptyAt !== null) startTimer(turn, { name: 'empty' }, room.roster.emptyTimeout);
  if (room.moved) startTimer(turn, { name: 'moved' }, MOVE_OVERLAP);
}
