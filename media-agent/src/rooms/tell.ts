import {
  type ConnectionAnswer,
  type ConnectionsBody,
  domainAddresses,
  domainOf,
  type JoinedBody,
  type Message,
  response,
} from '@hyperroom/protocol';
import { refusalOf } from './refusals.ts';
import {
  entryOf,
  legsOf,
  type Member,
  type PendingRequest,
  type Phase,
  type Receiver,
  type RoomState,
} from './state.ts';
import type { Supply } from './supply.ts';
import { spend, type Turn } from './turn.ts';

/**
 * Tells a member what it does not know yet: the responses to its requests, each as soon as all the answers that it has
 * set going are there, and a push of the rest. The push waits for every answer under way: a spare put to use and its
 * replacement travel together, and the newcomer's media take longer than that. Only that a connection shows something
 * else from now on is told at once.
 */
export function tell(turn: Turn, member: Member, supply: Supply): void {
  const { room, actions } = turn;
  const entry = entryOf(room, member);
  if (!entry) return;
  const answering = answeringOf(member);
  const frames = new Map<string, Message[]>();
  const add = (connectionId: string, messages: Message[]) =>
    frames.set(connectionId, [...(frames.get(connectionId) ?? []), ...messages]);

  member.requests = member.requests.filter((request) => {
    // What was only asked for, and brought nothing to be answered, waits for nothing.
    request.awaits ??= request.urls.length > 0 ? [...answering] : [];
    if (request.awaits.some((url) => answering.has(url))) return true;
    add(request.reply.connectionId, [...request.reply.before, responseTo(room, member, request, supply)]);
    return false;
  });

  // A post to somebody without a socket would be lost: what is untold waits for the next one.
  const reachable = entry.status === 'live' && !room.unreachable.has(entry.connectionId);
  const isDue = (receiver: Receiver) => answering.size === 0 || isSwitched(receiver);
  const news = reachable ? untold(member, supply, isDue) : [];
  if (news.length > 0) add(entry.connectionId, [push(turn, entry.hypertyURL, news)]);

  for (const receiver of [...member.receivers.values()]) forgetFailed(member, receiver);
  for (const [connectionId, messages] of frames) actions.push({ type: 'post', connectionId, messages });
}

function answeringOf(member: Member): Set<string> {
  return new Set(
    legsOf(member)
      .filter(({ phase }) => phase.name === 'answering')
      .map(({ url }) => url),
  );
}

function responseTo(room: RoomState, member: Member, request: PendingRequest, supply: Supply): Message {
  const { reply, urls, joined, iceServers } = request;
  if (member.refused) return refusalOf(reply.request, member.refused.code, member.refused.reason);
  const connections = urls.flatMap((url) => answerOf(member, url, supply) ?? []);
  // A client that has come back on another connection does not hear this.
  const heard = entryOf(room, member)?.connectionId === reply.connectionId;
  for (const url of heard ? urls : []) markTold(member.receivers.get(url));
  const answers = { connections, ...(iceServers && { iceServers }) };
  if (joined) return response(reply.request, 200, { value: joined, ...answers } satisfies Omit<JoinedBody, 'code'>);
  const { room: resource, version } = room.roster;
  return response(reply.request, 200, { resource, version, ...answers } satisfies ConnectionsBody);
}

/** What there is to say of a connection; nothing of an offer without an answer yet. */
function answerOf(member: Member, url: string, supply: Supply): ConnectionAnswer | null {
  const publication = member.publications.get(url);
  const receiver = member.receivers.get(url);
  if (publication) return hasOutcome(publication) ? { url, ...outcomeOf(publication) } : null;
  if (receiver) return hasOutcome(receiver) ? { url, ...peerOf(receiver, supply), ...outcomeOf(receiver) } : null;
  return { url, error: member.spent.get(url) ?? 'unknown connection' };
}

function hasOutcome({ phase }: { phase: Phase }): boolean {
  return phase.name === 'answered' || phase.name === 'failed';
}

function outcomeOf({ phase }: { phase: Phase }): Pick<ConnectionAnswer, 'connectionDescription' | 'error'> {
  if (phase.name === 'answered') return { connectionDescription: { type: 'answer', sdp: phase.sdp } };
  return phase.name === 'failed' ? { error: phase.error } : {};
}

function peerOf({ peer }: Receiver, { published }: Supply): Pick<ConnectionAnswer, 'peer' | 'publication'> {
  const publication = peer === null ? undefined : published.get(peer);
  return publication ? { peer: publication.owner, publication: publication.name } : { peer: null };
}

function markTold(receiver: Receiver | undefined): void {
  if (receiver && hasOutcome(receiver)) receiver.told = { answer: true, peer: receiver.peer };
}

function isSwitched({ told, peer }: Receiver): boolean {
  return told.peer !== null && peer !== null && told.peer !== peer;
}

function untold(member: Member, supply: Supply, isDue: (receiver: Receiver) => boolean): ConnectionAnswer[] {
  return [...member.receivers.values()].flatMap((receiver) => {
    const { url, told, peer } = receiver;
    const isNews = hasOutcome(receiver) && (!told.answer || told.peer !== peer);
    if (!isNews || !isDue(receiver)) return [];
    const answer = told.answer ? { url, ...peerOf(receiver, supply) } : answerOf(member, url, supply);
    markTold(receiver);
    return answer ?? [];
  });
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
