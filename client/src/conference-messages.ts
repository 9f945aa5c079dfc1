import type { Connection, RoomOptions, TrickledCandidates } from '@hyperroom/protocol';
import type { Request } from './message-bus.ts';

/** What the hyperty `self` says to the conference about `room`. */
export function conferenceMessages(conference: string, self: string, room: string) {
  const message = (type: Request['type'], body: Request['body'] = {}): Request => {
    return { type, from: self, to: conference, body: { resource: room, ...body } };
  };
  return {
    join: (name: string, create: RoomOptions | undefined, connections: Connection[]) =>
      message('create', { ...(create && { create }), identity: { name }, connections }),
    offer: (connections: Connection[]) => message('update', { connections }),
    trickle: (candidates: TrickledCandidates) => message('update', { candidates: [candidates] }),
    leave: () => message('delete'),
  };
}

export type ConferenceMessages = ReturnType<typeof conferenceMessages>;
