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
 * Tells a member what it does not know yet: the responses to its requests, each as soon as all the answers that it has
 * set going are there, and a push of the rest. The push waits for every answer under way: a spare put to use and its
 * replacement travel together, and the newcomer's media take longer than that.
 */
export function tell(turn: Turn, member: Member): void {
  const { room, actions } = turn;
  const entry = entryOf(room, member);
  if (!entry) return;
  const answering = answeringOf(member);
  const frames = new Map<string, Message[]>();
  const add = (connectionId: string, messages: Message[]) =>
    frames.set(connectionId, [...(frames.get(connectionId) ?? []), ...messages]);

  member.requests = member.requests.filter((request) => {
    request.awaits ??= [...answering];
    if (request.awaits.some((url) => answering.has(url))) return true;
    add(request.reply.connectionId, [...request.reply.before, responseTo(room, member, request)]);
    return false;
  });

  // A post to somebody without a socket would be lost: what is untold waits for the next one.
  const reachable = entry.status === 'live' && !room.unreachable.has(entry.connectionId);
  const news = reachable && answering.size === 0 ? untold(room, member) : [];
  if (news.length > 0) add(entry.connectionId, [push(turn, entry.hypertyURL, news)]);

  for (const receiver of [...member.receivers.values()]) forgetFailed(member, receiver);
  for (const [connectionId, messages] of frames) actions.push({ type: 'post', connectionId, messages });
}

function answeringOf({ publication, receivers }: Member): Set<string> {
  const legs = publication ? [publication, ...receivers.values()] : [...receivers.values()];
  return new Set(legs.filter(({ phase }) => phase.name === 'answering').map(({ url }) => url));
}

function responseTo(room: RoomState, member: Member, { reply, urls, joined }: PendingRequest): Message {
  if (member.refused) return refusal(reply.request, member.refused.code, member.refused.reason);
  const connections = urls.flatMap((url) => answerOf(room, member, url) ?? []);
  // A client that has come back on another connection does not hear this.
  const heard = entryOf(room, member)?.connectionId === reply.connectionId;
  for (const url of heard ? urls : []) markTold(member.receivers.get(url));
  if (joined) {
    return response(reply.request, 200, { value: joined, connections } satisfies Omit<JoinedBody, 'code'>);
  }
  const { room: resource, version } = room.roster;
  return response(reply.request, 200, { resource, version, connections } satisfies ConnectionsBody);
}

/** What there is to say of a connection; nothing of an offer without an answer yet. */
function answerOf(room: RoomState, member: Member, url: string): ConnectionAnswer | null {
  const { publication } = member;
  if (publication?.url === url) {
    const { phase } = publication;
    return phase.name === 'answered' ? { url, connectionDescription: { type: 'answer', sdp: phase.sdp } } : null;
  }
  const receiver = member.receivers.get(url);
  if (!receiver) return { url, error: member.spent.get(url) ?? 'unknown connection' };
  if (!hasOutcome(receiver)) return null;
  return { url, peer: peerOf(room, receiver), ...outcomeOf(receiver) };
}

function hasOutcome({ phase }: Receiver): boolean {
  return phase.name === 'answered' || phase.name === 'failed';
}

function markTold(receiver: Receiver | undefined): void {
  if (receiver && hasOutcome(receiver)) receiver.told = { answer: true, peer: receiver.peer !== null };
}

function untold(room: RoomState, member: Member): ConnectionAnswer[] {
  return [...member.receivers.values()].flatMap((receiver) => {
    const { url, told, peer } = receiver;
    const isNews = hasOutcome(receiver) && (!told.answer || (peer !== null && !told.peer));
    if (!isNews) return [];
    const answer = told.answer ? { url, peer: peerOf(room, receiver) } : answerOf(room, member, url);
    markTold(receiver);
    return answer ?? [];
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
