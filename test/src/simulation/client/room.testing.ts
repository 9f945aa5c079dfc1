import {
  DEFAULT_ROOM_OPTIONS,
  type MediaState,
  type Participant,
  type PublicationName,
  type Room,
} from '@hyperroom/protocol';

/* Test support: room objects. */

export function aParticipant(
  id: string,
  names: readonly PublicationName[],
  media: MediaState = 'connected',
): Participant {
  const publication = { connection: `connection://d/${id}`, sources: [], media };
  return {
    hypertyURL: `hyperty://d/${id}`,
    domain: 'd',
    identity: { name: id, user: `user://d/${id}` },
    role: 'participant',
    status: 'live',
    publications: Object.fromEntries(names.map((name) => [name, publication])),
    muted: [],
    blocked: [],
    metadata: {},
    joined: '2026-01-01',
  };
}

export function aRoom(version: number, data: Partial<Room['data']> = {}): Room {
  return {
    url: 'comm://d/room',
    reporter: 'hyperty://d/conference',
    version,
    created: '2026-01-01',
    lastModified: '2026-01-01',
    data: {
      startingTime: '2026-01-01',
      status: 'open',
      epoch: 1,
      media: 'ready',
      options: DEFAULT_ROOM_OPTIONS,
      metadata: {},
      speakers: [],
      participants: {},
      waiting: {},
      ...data,
    },
  };
}
