import type { Code, MediaKind } from '@hyperroom/protocol';
import { awaitTransport } from './connecting.ts';
import type { TransportState } from './events.ts';
import { doubt } from './probes.ts';
import { failPublication } from './refusals.ts';
import { type EndpointRef, type Flow, hasEndpoint, type Member, type Publication, type Receiver } from './state.ts';
import { awaitHandOver, hasSuccessor } from './succession.ts';
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
  if ('receiver' in found) awaitTransport(turn, found.member, found.receiver);
}

/** The endpoint is gone already. */
export function takeFailure(turn: Turn, ref: EndpointRef, code: Code, reason: string): void {
  const found = find(turn, ref);
  if (!found || !hasEndpoint('publication' in found ? found.publication : found.receiver)) return;
  turn.vacant += 1;
  if ('publication' in found) failPublication(turn, found.member, found.publication, code, reason);
  else fail(found.receiver, reason);
}

/** The same of one that has been answered: its client may offer another. */
export function takeMissing(turn: Turn, ref: EndpointRef): void {
  const found = find(turn, ref);
  if (!found || !hasEndpoint('publication' in found ? found.publication : found.receiver)) return;
  const reason = 'the media server does not have it any more';
  turn.vacant += 1;
  if ('receiver' in found) {
    fail(found.receiver, reason);
    return;
  }
  const { member, publication } = found;
  publication.phase = { name: 'failed', error: reason };
  publication.connected = false;
  reportMedia(turn, member, publication, 'failed');
  doubt(turn, member.stay);
}

export function takeTransport(turn: Turn, ref: EndpointRef, state: TransportState): void {
  const found = find(turn, ref);
  if (!found) return;
  if ('publication' in found) {
    takePublicationState(turn, found.member, found.publication, state === 'connected');
    return;
  }
  const { member, receiver } = found;
  if (state === 'connected') connectReceiver(turn, member, receiver);
  if (state === 'closed') closeReceiver(turn, member, receiver);
}

function connectReceiver(turn: Turn, member: Member, receiver: Receiver): void {
  if (receiver.phase.name === 'failed' || receiver.connected) return;
  receiver.connected = true;
  awaitHandOver(turn, member, receiver);
}

function takePublicationState(turn: Turn, member: Member, leg: Publication, connected: boolean): void {
  if (leg.phase.name === 'failed') return;
  leg.connected = connected;
  if (connected) return;
  reportMedia(turn, member, leg, 'failed');
  doubt(turn, member.stay);
}

/** Media that come in, be it after a pause that counted as a failure, come over a transport that stands. */
export function takeFlow(turn: Turn, ref: EndpointRef, kind: MediaKind, flowing: boolean): void {
  const found = find(turn, ref);
  if (!found || !('publication' in found)) return;
  const { member, publication } = found;
  const others = publication.flowing.filter((other) => other !== kind);
  publication.flowing = flowing ? [...others, kind] : others;
  if (flowing) takePublicationState(turn, member, publication, true);
  else if (others.length === 0) doubt(turn, member.stay);
}

/** What it is connected to is what there is to be changed, whatever has been asked for. */
export function takeWiring(turn: Turn, ref: EndpointRef, flows: readonly Flow[]): void {
  const found = find(turn, ref);
  if (!found || !('receiver' in found)) return;
  const [flow, ...others] = flows;
  found.receiver.flow = flow ?? null;
  for (const { from, kinds } of others) {
    turn.actions.push({ type: 'unlink', publication: from, receiver: ref, kinds });
  }
}

/**
 * The client has closed it, perhaps because it knows of a departure before we do: what it showed is not forced upon it
 * again, unless another connection was offered for just that, or is the one that goes on.
 */
function closeReceiver(turn: Turn, member: Member, receiver: Receiver): void {
  const isAlone = receiver.replaces === null && !hasSuccessor(member, receiver.url);
  if (receiver.peer !== null && isAlone) member.waived.add(receiver.peer);
  retire(turn, member, receiver, 'closed');
}
