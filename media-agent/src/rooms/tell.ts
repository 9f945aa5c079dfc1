import {
  type ConnectionAnswer,
  type ConnectionsBody,
  domainAddresses,
  domainOf,
  type JoinedBody,
  type Message,
  refusal,
  response,
} from '@hyperroom/protocol';
import { entryOf, type Member, type PendingRequest, type Receiver, type RoomState, stays } from './state.ts';
import { spend, type Turn } from './turn.ts';

/**
 * Tells a member what it does not know yet, in one frame: the responses to its requests, and a push of the rest.
 * Waits while an answer of its is under way: a spare put to use and its replacement travel together, and the media of
 * the newcomer takes longer than the answer.
 */
export function tell(turn: Turn, member: Member): void {
  const { room, actions } = turn;
  const entry = entryOf(room, member);
  if (!entry || isAnswering(member)) return;

  const frames = new Map<string, Message[]>();
  const add = (connectionId: string, messages: Message[]) =>
    frames.set(connectionId, [...(frames.get(connectionId) ?? []), ...messages]);

  for (const request of member.requests) {
    add(request.reply.connectionId, [...request.reply.before, responseTo(room, member, request)]);
  }
  member.requests = [];

  // A post to somebody without a socket would be lost: what is untold waits for the next one.
  const reachable = entry.status === 'live' && !room.unreachable.has(entry.connectionId);
  const news = reachable ? untold(room, member) : [];
  if (news.length > 0) add(entry.connectionId, [push(turn, entry.hypertyURL, news)]);

  for (const receiver of [...member.receivers.values()]) forgetFailed(member, receiver);
  for (const [connectionId, messages] of frames) actions.push({ type: 'post', connectionId, messages });
}

function isAnswering({ publication, receivers }: Member): boolean {
  return [publication, ...receivers.values()].some((leg) => leg?.phase.name === 'answering');
}

function responseTo(room: RoomState, member: Member, { reply, urls, joined }: PendingRequest): Message {
  if (member.refused) return refusal(reply.request, member.refused.code, member.refused.reason);
  const connections = urls.flatMap((url) => tellOne(room, member, url) ?? []);
  if (joined) {
    return response(reply.request, 200, { value: joined, connections } satisfies Omit<JoinedBody, 'code'>);
  }
  const { room: resource, version } = room.roster;
  return response(reply.request, 200, { resource, version, connections } satisfies ConnectionsBody);
}

/** What there is to say of a connection; nothing of an offer that is held. */
function tellOne(room: RoomState, member: Member, url: string): ConnectionAnswer | null {
  const { publication } = member;
  if (publication?.url === url && publication.phase.name === 'answered') {
    return { url, connectionDescription: { type: 'answer', sdp: publication.phase.sdp } };
  }
  const receiver = member.receivers.get(url);
  if (!receiver) return { url, error: member.spent.get(url) ?? 'unknown connection' };
  if (receiver.phase.name === 'held') return null;
  const answer: ConnectionAnswer = { url, peer: peerOf(room, receiver), ...outcomeOf(receiver) };
  receiver.told = { answer: true, peer: receiver.peer !== null };
  return answer;
}

function untold(room: RoomState, member: Member): ConnectionAnswer[] {
  return [...member.receivers.values()].flatMap((receiver) => {
    const { phase, told, peer } = receiver;
    if (phase.name === 'held') return [];
    if (!told.answer) return tellOne(room, member, receiver.url) ?? [];
    if (peer === null || told.peer) return [];
    told.peer = true;
    return { url: receiver.url, peer: peerOf(room, receiver) };
  });
}

function outcomeOf({ phase }: Receiver): Pick<ConnectionAnswer, 'connectionDescription' | 'error'> {
  if (phase.name === 'answered') return { connectionDescription: { type: 'answer', sdp: phase.sdp } };
  return phase.name === 'failed' ? { error: phase.error } : {};
}

function peerOf(room: RoomState, { peer }: Receiver): string | null {
  return peer === null ? null : (stays(room.roster).get(peer)?.hypertyURL ?? null);
}

function push(turn: Turn, to: string, connections: ConnectionAnswer[]): Message {
  const { room: resource, version } = turn.room.roster;
  return {
    id: `media-${turn.nextPush()}`,
    type: 'update',
    from: domainAddresses(domainOf(resource)).conference,
    to,
    body: { resource, version, connections } satisfies ConnectionsBody,
  };
}

function forgetFailed(member: Member, receiver: Receiver): void {
  if (receiver.phase.name !== 'failed' || !receiver.told.answer) return;
  member.receivers.delete(receiver.url);
  spend(member, receiver.url, receiver.phase.error);
}
