import {
  type ConnectionAnswer,
  changesOf,
  domainAddresses,
  type Message,
  type Participant,
  type Room,
} from '@hyperroom/protocol';
import { sdp } from './fake-media.ts';
import type { FakeSocket } from './fake-socket.ts';

export const ADDRESSES = domainAddresses('example.org');
export const ROOM = ADDRESSES.room('standup');

export function participant(id: string, changes: Partial<Participant> = {}): Participant {
  return {
    hypertyURL: ADDRESSES.hyperty(id),
    domain: 'example.org',
    identity: { name: id, user: `user://example.org/${id}` },
    resources: ['audio', 'video'],
    status: 'live',
    media: 'connected',
    joined: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

export function roomObject(version: number, participants: Record<string, Participant>): Room {
  return {
    url: ROOM,
    reporter: ADDRESSES.conference,
    version,
    created: '2026-01-01T00:00:00Z',
    lastModified: '2026-01-01T00:00:00Z',
    data: { startingTime: '2026-01-01T00:00:00Z', status: 'open', capacity: 50, participants },
  };
}

export const answerTo = (url: string, peer?: string): ConnectionAnswer => ({
  url,
  peer: peer ?? null,
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

export function joining(socket: FakeSocket): Joining {
  const request = socket.sent('create', ADDRESSES.conference);
  const { connections } = request.body as { connections: { url: string; data: { direction: string } }[] };
  const of = (direction: string) =>
    connections.filter((each) => each.data.direction === direction).map(({ url }) => url);
  return { request, id: request.from.split('/').at(-1) ?? '', publish: of('publish')[0], receive: of('receive') };
}

/** Answers a join: registration and admission in one frame, as the media agent does. */
export function admit(
  socket: FakeSocket,
  room: (self: Joining) => Room,
  connections: (self: Joining) => ConnectionAnswer[] = () => [],
): Joining {
  const self = joining(socket);
  const registered = respond(socket.sent('create', ADDRESSES.registry));
  socket.deliver([registered, respond(self.request, { code: 200, value: room(self), connections: connections(self) })]);
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
