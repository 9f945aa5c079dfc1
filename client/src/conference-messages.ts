import type { Connection, DomainAddresses, RoomOptions, TrickledCandidates } from '@hyperroom/protocol';
import type { Request } from './message-bus.ts';

/** What the hyperty `self` says to the registry, and to the conference about `room`. */
export function conferenceMessages(addresses: DomainAddresses, self: string, room: string) {
  const toRegistry = (type: Request['type'], body: Request['body']): Request => {
    return { type, from: self, to: addresses.registry, body };
  };
  const toConference = (type: Request['type'], body: Request['body'] = {}): Request => {
    return { type, from: self, to: addresses.conference, body: { resource: room, ...body } };
  };
  return {
    register: () => toRegistry('create', { value: registration(self) }),
    refresh: () => toRegistry('update', { resource: self }),
    unregister: () => toRegistry('update', { resource: self, value: 'disconnected', attribute: 'status' }),

    join: (name: string, create: RoomOptions | undefined, connections: Connection[]) =>
      toConference('create', { ...(create && { create }), identity: { name }, connections }),
    offer: (connections: Connection[]) => toConference('update', { connections }),
    trickle: (candidates: TrickledCandidates) => toConference('update', { candidates: [candidates] }),
    read: () => toConference('read'),
    leave: () => toConference('delete'),
  };
}

export type ConferenceMessages = ReturnType<typeof conferenceMessages>;

function registration(url: string) {
  return {
    url,
    descriptor: 'conference',
    resources: ['audio', 'video'],
    dataSchemes: ['connection'],
    // A page's hyperty is nothing to look up once the page is gone.
    ephemeral: true,
  };
}
