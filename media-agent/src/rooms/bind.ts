import type { RosterEntry } from '@hyperroom/protocol';
import { SPARES } from './policy.ts';
import type { Member, PublicationKey, Receiver } from './state.ts';
import type { Published, Supply } from './supply.ts';
import { dismiss, refOf, type Turn } from './turn.ts';
import { wanted } from './wanted.ts';
import { isSubscribed } from './wishes.ts';

/** Gives every publication that the member should see a connection, as far as its offers allow. */
export function bind(turn: Turn, member: Member, entry: RosterEntry, supply: Supply): void {
  const { lastN } = turn.room.roster;
  const wants = wanted(member, entry, supply, lastN);
  const needed = new Set<PublicationKey | null>(wants.map(({ key }) => key));
  const bound = [...member.receivers.values()].filter(({ peer }) => peer !== null);
  const shown = new Set(bound.map(({ peer }) => peer));

  const unneeded = bound.filter(({ peer }) => !needed.has(peer));
  const useless = unneeded.filter((receiver) => !isWelcome(member, entry, receiver, supply));
  // Pushed out of the last N by others: one of these goes on until it is switched to what can take its place at once.
  const outranked = unneeded.filter((receiver) => isWelcome(member, entry, receiver, supply));
  let count = bound.length;
  for (const publication of wants) {
    if (shown.has(publication.key) || !isExpected(member, publication, supply)) continue;
    const switched = useless.shift() ?? (supply.feeds.has(publication.key) ? outranked.shift() : undefined);
    const spare = switched || count >= lastN ? undefined : bestSpare(member);
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

function bestSpare(member: Member): Receiver | undefined {
  const spares = [...member.receivers.values()].filter((receiver) => receiver.peer === null);
  for (const ready of READINESS) {
    const found = spares.find(ready);
    if (found) return found;
  }
  return undefined;
}

/** Answers offers ahead of their use, as long as there is anything that they could be used for. */
export function keepSpares(turn: Turn, member: Member, { subscribes }: RosterEntry): void {
  if (member.refused || !subscribes) return;
  const receivers = [...member.receivers.values()];
  const free = receivers.filter(({ peer }) => peer === null);
  const ready = free.filter(({ phase }) => phase.name === 'answering' || phase.name === 'answered').length;
  const left = turn.room.roster.lastN - (receivers.length - free.length) - ready;
  const held = free.filter(({ phase }) => phase.name === 'held');
  for (const receiver of held.slice(0, Math.max(0, Math.min(SPARES - ready, left)))) answer(turn, member, receiver);
}

function answer(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.phase.name !== 'held') return;
  const { offer } = receiver.phase;
  receiver.phase = { name: 'answering' };
  const endpoint = refOf(turn, member, receiver.url);
  const { maxBitrate } = turn.room.roster;
  turn.actions.push({ type: 'answer', endpoint, direction: 'receive', offer, maxBitrate });
}
