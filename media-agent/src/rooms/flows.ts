import type { MediaKind } from '@hyperroom/protocol';
import type { EndpointRef, Flow, Member, Receiver, RoomState } from './state.ts';
import type { Supply } from './supply.ts';
import { refOf, type Turn } from './turn.ts';
import { pausedKinds } from './wishes.ts';

/** Has the media server pass on to each receiver what it should get, and nothing else. */
export function tendFlows(turn: Turn, member: Member, supply: Supply): void {
  for (const receiver of member.receivers.values()) {
    const before = receiver.flow && exists(turn.room, receiver.flow.from) ? receiver.flow : null;
    const after = flowOf(turn, member, receiver, supply);
    receiver.flow = after;
    rewire(turn, refOf(turn, member, receiver.url), before, after);
  }
}

/** Media flow once the receiver's transport is up: any earlier, and the first key frame is lost. */
function flowOf(turn: Turn, { wishes }: Member, { connected, peer }: Receiver, supply: Supply): Flow | null {
  const publication = peer === null ? undefined : supply.published.get(peer);
  const feed = publication && supply.feeds.get(publication.key);
  if (!connected || !feed) return null;
  const silenced = [...publication.blocked, ...pausedKinds(wishes, publication)];
  const kinds = publication.kinds.filter((kind) => !silenced.includes(kind));
  return kinds.length > 0 ? { from: refOf(turn, feed.publisher, feed.leg.url), kinds } : null;
}

/** A connection to another source takes the place of the one before; what that one had besides is taken away first. */
function rewire({ actions }: Turn, receiver: EndpointRef, before: Flow | null, after: Flow | null): void {
  const had = before?.kinds ?? [];
  const gets = after?.kinds ?? [];
  const taken = without(had, gets);
  if (before && taken.length > 0) actions.push({ type: 'unlink', publication: before.from, receiver, kinds: taken });
  const given = before && before.from.url === after?.from.url ? without(gets, had) : gets;
  if (after && given.length > 0) actions.push({ type: 'link', publication: after.from, receiver, kinds: given });
}

function without(kinds: readonly MediaKind[], others: readonly MediaKind[]): MediaKind[] {
  return kinds.filter((kind) => !others.includes(kind));
}

function exists({ members }: RoomState, { stay, url }: EndpointRef): boolean {
  return members.get(stay)?.publications.get(url)?.phase.name === 'answered';
}
