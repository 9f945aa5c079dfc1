import { hasEndpoint, type Member, type Receiver } from './state.ts';
import { dismiss, retire, type Turn } from './turn.ts';

/*
 * Kurento has no ICE restart: a client whose receiving connection does not work offers another in its place. The
 * successor shows what its predecessor shows, and has its place in the counts once that one is gone.
 */

const REPLACED = 'replaced';

/** The receivers that count: those that take over from none. */
export function settled({ receivers }: Member): Receiver[] {
  return [...receivers.values()].filter(({ replaces }) => replaces === null);
}

export function successors({ receivers }: Member): Receiver[] {
  return [...receivers.values()].filter(({ replaces }) => replaces !== null);
}

/** The connection that an offer takes over from, if that one is of any use. Of several successors the last counts. */
export function predecessorOf(turn: Turn, member: Member, url: string | undefined): string | null {
  const named = member.receivers.get(url ?? '');
  if (!named) return null;
  const replaced = named.replaces ?? named.url;
  for (const rival of successors(member)) if (rival.replaces === replaced) retire(turn, member, rival, REPLACED);
  return replaced;
}

/** Whose predecessor is gone, or has never been answered, takes its place at once. */
export function promote(turn: Turn, member: Member): void {
  for (const successor of successors(member)) {
    const predecessor = member.receivers.get(successor.replaces ?? '');
    if (predecessor && hasEndpoint(predecessor)) continue;
    if (predecessor?.phase.name === 'held') retire(turn, member, predecessor, REPLACED);
    successor.replaces = null;
  }
}

/** What the one shows, the other shows. */
export function follow(turn: Turn, member: Member): void {
  for (const successor of successors(member)) {
    const predecessor = member.receivers.get(successor.replaces ?? '');
    if (predecessor && hasEndpoint(predecessor)) successor.peer = predecessor.peer;
    else dismiss(turn, member, successor, 'not subscribed to any more');
  }
}

/** A successor whose transport stands gets its media already. */
export function succeed(turn: Turn, member: Member): void {
  for (const successor of successors(member)) {
    const predecessor = member.receivers.get(successor.replaces ?? '');
    if (!successor.connected || !predecessor) continue;
    successor.replaces = null;
    retire(turn, member, predecessor, REPLACED);
  }
}

export function hasSuccessor({ receivers }: Member, url: string): boolean {
  return [...receivers.values()].some(({ replaces }) => replaces === url);
}
