import {
  type Connection,
  childrenOf,
  type JoinCommand,
  type Message,
  type Moderation,
  type PublicationName,
  Room,
  SCHEMAS,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { aRegistration, at, type MediaNode, type Peer, type Signalling, type TokenInput } from './signalling.ts';

/** An SDP that looks like one from outside: no media server sees it here. */
export const offerSdp = (codec = 'VP8') =>
  [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=ice-ufrag:abcd',
    'a=fingerprint:sha-256 00',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    `a=rtpmap:96 ${codec}/90000`,
    '',
  ].join('\r\n');

export function aConnection(
  owner: string,
  id: string,
  direction: 'publish' | 'receive',
  { sdp = offerSdp(), publication = 'main' }: { sdp?: string; publication?: PublicationName } = {},
): Connection {
  const now = '2026-01-01T00:00:00.000Z';
  return {
    url: at.connection(id),
    reporter: owner,
    schema: SCHEMAS.connection,
    version: 0,
    created: now,
    lastModified: now,
    data: {
      status: 'new',
      owner,
      peer: null,
      direction,
      ...(direction === 'publish' && { publication }),
      connectionDescription: { type: 'offer', sdp },
      iceCandidates: [],
    },
  };
}

export function aJoin(name: string, room: string, changes: Record<string, unknown> = {}): Omit<Message, 'id'> {
  const from = at.hyperty(name);
  return {
    type: 'create',
    from,
    to: at.conference,
    body: {
      resource: at.room(room),
      create: {},
      identity: { name },
      connections: [aConnection(from, `${name}-out`, 'publish'), aConnection(from, `${name}-in`, 'receive')],
      ...changes,
    },
  };
}

/** Registers and joins in one frame, as the SDK does; resolves with the response once the node has accepted. `registration`: what it says besides. */
export async function joinRoom(
  peer: Peer,
  node: MediaNode,
  name: string,
  room: string,
  { registration = {}, ...changes }: Record<string, unknown> & { registration?: object } = {},
): Promise<Message> {
  const url = at.hyperty(name);
  const value = aRegistration(url, registration);
  peer.send(
    { id: `register-${name}`, type: 'create', from: url, to: at.registry, body: { value } },
    { id: `join-${name}`, ...aJoin(name, room, changes) },
  );
  await node.accept(await node.join(name));
  return peer.responseTo(`join-${name}`);
}

/** What a media node says of a participant's publication in the stay that it was told of. */
export function aMediaReport({ roster, participant }: JoinCommand, changes: object = {}) {
  const { admitted, publications } = roster.participants[participant] ?? {};
  return {
    report: 'media',
    resource: roster.room,
    incarnation: roster.incarnation,
    epoch: roster.epoch,
    participant,
    admitted,
    publication: 'main',
    connection: publications?.main?.connection,
    media: 'connected',
    ...changes,
  };
}

/** What a participant asks of the conference once it is in a room. */
export function requestsOf(peer: Peer, name: string, room: string) {
  const from = at.hyperty(name);
  const resource = at.room(room);
  const ask = (type: 'update' | 'execute' | 'delete' | 'read' | 're-open', body: object = {}, id?: string) =>
    peer.ask({ type, from, to: at.conference, body: { resource, ...body } }, id);
  return {
    update: (body: object, id?: string) => ask('update', body, id),
    moderate: (moderation: Moderation) => ask('execute', { moderation }),
    leave: () => ask('delete'),
    reopen: () => ask('re-open'),
    read: async () => v.parse(Room, (await ask('read')).body?.value),
    send: (value: object, id: string) =>
      peer.ask({ type: 'create', from, to: childrenOf(resource), body: { resource: id, value } }),
    history: () => peer.ask({ type: 'read', from, to: childrenOf(resource) }),
  };
}

export interface Participant extends ReturnType<typeof requestsOf> {
  readonly peer: Peer;
}

/** A client that has joined a room. */
export async function participant(
  signalling: Signalling,
  node: MediaNode,
  name: string,
  room: string,
  { claims, ...changes }: Record<string, unknown> & { claims?: TokenInput } = {},
): Promise<Participant> {
  const peer = await signalling.client(claims);
  const { body } = await joinRoom(peer, node, name, room, changes);
  if (body?.code !== 200) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
  return { peer, ...requestsOf(peer, name, room) };
}
