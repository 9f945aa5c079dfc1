import type { RosterEntry } from '@hyperroom/protocol';
import { SPARES } from './policy.ts';
import { hasEndpoint, type Member, type PublicationKey, type Receiver } from './state.ts';
import { settled, successors } from './succession.ts';
import type { Published, Supply } from './supply.ts';
import { dismiss, refOf, type Turn } from './turn.ts';
import { wanted } from './wanted.ts';
import { isSubscribed } from './wishes.ts';

/** Gives every publication that the member should see a connection, as far as its offers allow. */
export function bind(turn: Turn, member: Member, entry: RosterEntry, supply: Supply): void {
  const { lastN } = turn.room.roster;
  const wants = wanted(member, entry, supply, lastN);
  const needed = new Set<PublicationKey | null>(wants.map(({ key }) => key));
  const bound = settled(member).filter(({ peer }) => peer !== null);
  const shown = new Set(bound.map(({ peer }) => peer));

  const unneeded = bound.filter(({ peer }) => !needed.has(peer));
  const useless = unneeded.filter((receiver) => !isWelcome(member, entry, receiver, supply));
  // Pushed out of the last N by others: one of these goes on until it is switched to what can take its place at once.
  const outranked = unneeded.filter((receiver) => isWelcome(member, entry, receiver, supply));
  let count = bound.length;
  for (const publication of wants) {
    if (shown.has(publication.key) || !isExpected(member, publication, supply)) continue;
    const switched = useless.shift() ?? (supply.feeds.has(publication.key) ? outranked.shift() : undefined);
    const spare = switched || count >= lastN ? undefined : bestSpare(turn, member);
    if (spare) count += 1;
    const receiver = switched ?? spare;
    if (receiver) show(turn, member, receiver, publication);
  }
  for (const receiver of useless) dismiss(turn, member, receiver, 'not subscribed to any more');
}

function isWelcome({ wishes }: Member, { subscribes }: RosterEntry, { peer }: Receiver, supply: Supply): boolean {
  const publication = peer === null ? undefined : supply.published.get(peer);
  return subscribes && publication !== undefined && isSubscribed(wishes, publication);
}

/**
 * A request counts on those before it whose own offer is still being answered: they will be there before its transport
 * is. Otherwise that answer is waited for: a bad offer shall not use up anybody's spares.
 */
function isExpected({ requests }: Member, { key, since }: Published, { feeds }: Supply): boolean {
  return feeds.has(key) || requests.some(({ version }) => since <= version);
}

function show(turn: Turn, member: Member, receiver: Receiver, { key }: Published): void {
  receiver.peer = key;
  answer(turn, member, receiver);
}

const READINESS: readonly ((receiver: Receiver) => boolean)[] = [
  ({ phase, connected }) => phase.name === 'answered' && connected,
  ({ phase }) => phase.name === 'answered',
  ({ phase }) => phase.name === 'answering',
  ({ phase }) => phase.name === 'held',
];

function bestSpare(turn: Turn, member: Member): Receiver | undefined {
  const spares = settled(member).filter((receiver) => receiver.peer === null);
  const best = READINESS.flatMap((ready) => spares.find(ready) ?? [])[0];
  return best && hasPlace(turn, best) ? best : undefined;
}

/** Whether it has an endpoint, or can be given one. */
function hasPlace(turn: Turn, receiver: Receiver): boolean {
  if (hasEndpoint(receiver) || turn.vacant > 0) return true;
  turn.room.lacking += 1;
  return false;
}

/** Each is answered as soon as it is offered: the one before it may show nothing any more. */
export function answerSuccessors(turn: Turn, member: Member): void {
  for (const successor of successors(member)) if (hasPlace(turn, successor)) answer(turn, member, successor);
}

/** Answers offers ahead of their use, as long as there is anything that they could be used for. */
export function keepSpares(turn: Turn, member: Member, { subscribes }: RosterEntry): void {
  if (member.refused || !subscribes || turn.scarce || turn.room.lacking > 0) return;
  const receivers = settled(member);
  const free = receivers.filter(({ peer }) => peer === null);
  const ready = free.filter(hasEndpoint).length;
  const left = turn.room.roster.lastN - (receivers.length - free.length) - ready;
  const held = free.filter(({ phase }) => phase.name === 'held');
  const wanted = Math.max(0, Math.min(SPARES - ready, left, turn.vacant));
  for (const receiver of held.slice(0, wanted)) answer(turn, member, receiver);
}

/** Gives up to so many endpoints back that show nothing, for others to have. */
export function dismissSpares(turn: Turn, count: number): void {
  let left = count;
  turn.scarce = true;
  for (const member of turn.room.members.values()) {
    for (const receiver of settled(member)) {
      if (left === 0) return;
      if (receiver.peer !== null || !hasEndpoint(receiver)) continue;
      dismiss(turn, member, receiver, 'needed for what is shown');
      left -= 1;
    }
  }
}

function answer(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.phase.name !== 'held') return;
  const { offer } = receiver.phase;
  receiver.phase = { name: 'answering' };
  turn.vacant -= 1;
  const endpoint = refOf(turn, member, receiver.url);
  const { maxBitrate } = turn.room.roster;
  turn.actions.push({ type: 'answer', endpoint, direction: 'receive', offer, maxBitrate });
}
