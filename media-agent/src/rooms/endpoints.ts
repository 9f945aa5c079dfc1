import type { Code } from '@hyperroom/protocol';
import { refuse } from './commands.ts';
import type { TransportState } from './events.ts';
import type { EndpointRef, Member, Publication, Receiver } from './state.ts';
import { refOf, reportMedia, retire, spend, type Turn } from './turn.ts';

/** Whose endpoint it is, unless it has been given up in the meantime. */
function find(
  { room }: Turn,
  { stay, url }: EndpointRef,
): { member: Member; publication: Publication } | { member: Member; receiver: Receiver } | null {
  const member = room.members.get(stay);
  const receiver = member?.receivers.get(url);
  if (member && receiver) return { member, receiver };
  if (member?.publication?.url === url) return { member, publication: member.publication };
  return null;
}

export function takeAnswer(turn: Turn, ref: EndpointRef, sdp: string): void {
  const found = find(turn, ref);
  if (!found) return;
  const leg = 'publication' in found ? found.publication : found.receiver;
  leg.phase = { name: 'answered', sdp };
  const endpoint = refOf(turn, found.member, leg.url);
  for (const candidate of leg.candidates) turn.actions.push({ type: 'addCandidate', endpoint, candidate });
}

/**
 * The endpoint is gone already. A participant without its publication has not joined; one receiver more or less is no
 * such matter.
 */
export function takeFailure(turn: Turn, ref: EndpointRef, code: Code, reason: string): void {
  const found = find(turn, ref);
  if (!found) return;
  if ('publication' in found) {
    spend(found.member, ref.url, reason);
    found.member.publication = null;
    refuse(turn, found.member, code, reason);
  } else {
    found.receiver.phase = { name: 'failed', error: reason };
    found.receiver.peer = null;
  }
}

export function takeTransport(turn: Turn, ref: EndpointRef, state: TransportState): void {
  const found = find(turn, ref);
  if (!found) return;
  if ('publication' in found) {
    found.publication.connected = state === 'connected';
    reportMedia(turn, found.member, state === 'connected' ? 'connected' : 'failed');
    return;
  }
  const { member, receiver } = found;
  if (state === 'connected') receiver.connected = true;
  if (state === 'closed') closeReceiver(turn, member, receiver);
}

/** The client has closed it, perhaps because it knows of a departure before we do: what it showed is not forced upon it again. */
function closeReceiver(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.peer !== null) member.waived.add(receiver.peer);
  retire(turn, member, receiver, 'closed');
}
