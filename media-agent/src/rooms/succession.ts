import { HAND_OVER } from './policy.ts';
import { type EndpointRef, hasEndpoint, type Member, type Receiver } from './state.ts';
import { dismiss, retire, startTimer, type Turn } from './turn.ts';

/*
 * Kurento has no ICE restart: a client whose receiving connection does not work offers another in its place. The
 * successor shows what its predecessor shows, and has its place in the counts once that one is gone: when the client has
 * media through the successor it closes the other.
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
  // What has worked itself is worth more than what it was to replace.
  if (named.connected) relieve(turn, member, named);
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

/** The media server never hears of it that a connection over a broken network is closed. */
export function awaitHandOver(turn: Turn, { stay }: Member, { url, replaces, connected }: Receiver): void {
  if (replaces !== null && connected) startTimer(turn, { name: 'handOver', stay, url }, HAND_OVER);
}

export function takeHandOverOver(turn: Turn, { stay, url }: EndpointRef): void {
  const member = turn.room.members.get(stay);
  const successor = member?.receivers.get(url);
  if (member && successor) relieve(turn, member, successor);
}

/** Its predecessor, if there still is one, goes. */
function relieve(turn: Turn, member: Member, successor: Receiver): void {
  const predecessor = member.receivers.get(successor.replaces ?? '');
  successor.replaces = null;
  if (predecessor) retire(turn, member, predecessor, REPLACED);
}

export function hasSuccessor({ receivers }: Member, url: string): boolean {
  return [...receivers.values()].some(({ replaces }) => replaces === url);
}
