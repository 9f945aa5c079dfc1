import type { Code } from '@hyperroom/protocol';
import type { TransportState } from './events.ts';
import { failPublication } from './refusals.ts';
import type { EndpointRef, Member, Publication, Receiver } from './state.ts';
import { fail, refOf, reportMedia, retire, type Turn } from './turn.ts';

type Found = { member: Member; publication: Publication } | { member: Member; receiver: Receiver };

/** Whose endpoint it is, unless it has been given up in the meantime. */
function find({ room }: Turn, { stay, url }: EndpointRef): Found | null {
  const member = room.members.get(stay);
  const receiver = member?.receivers.get(url);
  if (member && receiver) return { member, receiver };
  const publication = member?.publications.get(url);
  return member && publication ? { member, publication } : null;
}

export function takeAnswer(turn: Turn, ref: EndpointRef, sdp: string): void {
  const found = find(turn, ref);
  if (!found) return;
  const leg = 'publication' in found ? found.publication : found.receiver;
  if (leg.phase.name !== 'answering') return;
  leg.phase = { name: 'answered', sdp };
  const endpoint = refOf(turn, found.member, leg.url);
  for (const candidate of leg.candidates) turn.actions.push({ type: 'addCandidate', endpoint, candidate });
}

/** The endpoint is gone already. */
export function takeFailure(turn: Turn, ref: EndpointRef, code: Code, reason: string): void {
  const found = find(turn, ref);
  if (!found) return;
  if ('publication' in found) failPublication(turn, found.member, found.publication, code, reason);
  else fail(found.receiver, reason);
}

export function takeTransport(turn: Turn, ref: EndpointRef, state: TransportState): void {
  const found = find(turn, ref);
  if (!found) return;
  if ('publication' in found) {
    found.publication.connected = state === 'connected';
    reportMedia(turn, found.member, found.publication, state === 'connected' ? 'connected' : 'failed');
    return;
  }
  const { member, receiver } = found;
  if (state === 'connected' && receiver.phase.name !== 'failed') receiver.connected = true;
  if (state === 'closed') closeReceiver(turn, member, receiver);
}

/** The client has closed it, perhaps because it knows of a departure before we do: what it showed is not forced upon it again. */
function closeReceiver(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.peer !== null) member.waived.add(receiver.peer);
  retire(turn, member, receiver, 'closed');
}
