import {
  type Connection,
  type ConnectionAnswer,
  changesOf,
  childrenOf,
  type DataMessage,
  DEFAULT_ROOM_OPTIONS,
  domainAddresses,
  type IceServer,
  type Message,
  type Participant,
  type Publication,
  type PublicationName,
  type ResolvedRoomOptions,
  type Room,
  type RoomData,
} from '@hyperroom/protocol';
import { sdp } from './fake-media.ts';
import type { FakeSocket } from './fake-socket.ts';

export const ADDRESSES = domainAddresses('example.org');
export const ROOM = ADDRESSES.room('standup');

/** What `id` publishes: by default from camera and microphone, and it has arrived. */
export const publication = (id: string, changes: Partial<Publication> = {}): Publication => ({
  connection: ADDRESSES.connection(`${id}-publishes`),
  sources: ['microphone', 'camera'],
  media: 'connected',
  ...changes,
});

/** Somebody with camera and microphone. */
export function participant(id: string, changes: Partial<Participant> = {}): Participant {
  return {
    hypertyURL: ADDRESSES.hyperty(id),
    domain: 'example.org',
    identity: { name: id, user: `user://example.org/${id}` },
    role: 'participant',
    status: 'live',
    publications: { main: publication(id) },
    muted: [],
    blocked: [],
    metadata: {},
    joined: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

export function roomObject(
  version: number,
  participants: Record<string, Participant>,
  { options, ...data }: RoomChanges = {},
): Room {
  return {
    url: ROOM,
    reporter: ADDRESSES.conference,
    version,
    created: '2026-01-01T00:00:00Z',
    lastModified: '2026-01-01T00:00:00Z',
    data: {
      startingTime: '2026-01-01T00:00:00Z',
      status: 'open',
      epoch: 1,
      media: 'ready',
      metadata: {},
      speakers: [],
      waiting: {},
      participants,
      ...data,
      options: { ...DEFAULT_ROOM_OPTIONS, ...options },
    },
  };
}

/** What of a room is not as usual. */
export type RoomChanges = Partial<Omit<RoomData, 'options'>> & { options?: Partial<ResolvedRoomOptions> };

export const answerTo = (url: string, peer?: string, publication: PublicationName = 'main'): ConnectionAnswer => ({
  url,
  peer: peer ?? null,
  ...(peer && { publication }),
  connectionDescription: { type: 'answer', sdp: sdp(`answer-${url}`) },
});

export const respond = (request: Message, body: Record<string, unknown> = { code: 200 }) => ({
  id: request.id,
  type: 'response',
  from: request.to,
  to: request.from,
  body,
});

/** What the server knows of a join that reached it. */
export interface Joining {
  request: Message;
  /** The joiner's id, and the addresses of the connections it offered. */
  id: string;
  publish: string | undefined;
  receive: string[];
}

/** The connections that a request offers. */
export const offered = ({ body }: Message) => (body as { connections: Connection[] }).connections;

export function joining(socket: FakeSocket): Joining {
  const request = socket.sent('create', ADDRESSES.conference);
  const of = (direction: string) =>
    offered(request).flatMap(({ url, data }) => (data.direction === direction ? [url] : []));
  return { request, id: request.from.split('/').at(-1) ?? '', publish: of('publish')[0], receive: of('receive') };
}

/** Answers a join: registration and admission in one frame, as the media agent does. */
export function admit(
  socket: FakeSocket,
  room: (self: Joining) => Room,
  connections: (self: Joining) => ConnectionAnswer[] = () => [],
  iceServers?: IceServer[],
): Joining {
  const self = joining(socket);
  const registered = respond(socket.sent('create', ADDRESSES.registry));
  const joined = { code: 200, value: room(self), connections: connections(self), ...(iceServers && { iceServers }) };
  socket.deliver([registered, respond(self.request, joined)]);
  return self;
}

export const roomUpdate = (version: number, attribute: string, value?: unknown) => ({
  id: version,
  type: 'update',
  from: ROOM,
  to: changesOf(ROOM),
  body: { version, source: ADDRESSES.conference, attribute, ...(value !== undefined && { value }) },
});

export const connectionsPush = (to: string, version: number, connections: ConnectionAnswer[]) => ({
  id: `push-${version}`,
  type: 'update',
  from: ADDRESSES.conference,
  to: ADDRESSES.hyperty(to),
  body: { resource: ROOM, version, connections },
});

/** The conference ends a stay, or a wait. */
export const dismissal = (to: string, reason: string, description?: string) => ({
  id: `dismissal-${reason}`,
  type: 'delete',
  from: ADDRESSES.conference,
  to: ADDRESSES.hyperty(to),
  body: { resource: ROOM, reason, ...(description && { description }) },
});

/** Data that the conference passes on; `from` a participant, or a back end. */
export const dataPush = (message: Partial<DataMessage>, from?: string) => {
  const sender = from && { id: from, hypertyURL: ADDRESSES.hyperty(from), name: from };
  const value = { id: `${from}.1`, topic: 'chat', sent: '2026-01-01T00:00:00Z', ...(sender && { sender }), ...message };
  const address = childrenOf(ROOM);
  return { id: `data-${value.id}`, type: 'create', from: address, to: address, body: { resource: value.id, value } };
};
