import {
  idOf,
  type MediaKind,
  type MediaState,
  type Participant,
  type Room,
  type Roster,
  SCHEMAS,
} from '@hyperroom/protocol';

/** A participant as the conference knows it: what others may see, and where to reach it. */
export interface Member {
  readonly hypertyURL: string;
  readonly user: string;
  readonly name: string;
  readonly resources: readonly MediaKind[];
  readonly connectionId: string;
  readonly status: 'live' | 'disconnected';
  readonly media: MediaState;
  readonly joined: string;
  /** The id of the message that it joined with: tells a repeated join from a second one. */
  readonly joinedBy: string | number;
  /** The room's version when it was admitted: tells one stay from the next. */
  readonly admitted: number;
}

/** A room as it is stored. It exists while it has members; its versions rise by one with each change. */
export interface RoomState {
  readonly url: string;
  readonly incarnation: string;
  readonly version: number;
  readonly created: string;
  readonly lastModified: string;
  readonly capacity: number;
  /** The hyperty of the media node that carries it. */
  readonly node: string;
  readonly members: Readonly<Record<string, Member>>;
  /** Connections of those who observe it without taking part. */
  readonly observers: readonly string[];
}

/** Milliseconds that a participant without a socket keeps its place. */
export const DEPARTURE_GRACE = 5_000;

export function participantOf(member: Member): Participant {
  return {
    hypertyURL: member.hypertyURL,
    domain: member.hypertyURL.split('/')[2] ?? '',
    identity: { name: member.name, user: member.user },
    resources: [...member.resources],
    status: member.status,
    media: member.media,
    joined: member.joined,
  };
}

/** The room as the data object that its participants observe. */
export function roomObject(room: RoomState, reporter: string): Room {
  return {
    url: room.url,
    reporter,
    schema: SCHEMAS.communication,
    name: idOf(room.url),
    version: room.version,
    created: room.created,
    lastModified: room.lastModified,
    data: {
      startingTime: room.created,
      status: 'open',
      capacity: room.capacity,
      participants: Object.fromEntries(Object.entries(room.members).map(([id, member]) => [id, participantOf(member)])),
    },
  };
}

/** The room as its media node needs it. */
export function rosterOf(room: RoomState): Roster {
  return {
    room: room.url,
    incarnation: room.incarnation,
    version: room.version,
    departureGrace: DEPARTURE_GRACE,
    participants: Object.fromEntries(
      Object.entries(room.members).map(([id, member]) => [
        id,
        {
          hypertyURL: member.hypertyURL,
          connectionId: member.connectionId,
          status: member.status,
          publishes: member.resources.length > 0,
          admitted: member.admitted,
        },
      ]),
    ),
  };
}

/** Of a life of a room that is over: newer than any that its media node may have seen. */
export function emptyRoster(url: string, incarnation: string): Roster {
  return {
    room: url,
    incarnation,
    version: Number.MAX_SAFE_INTEGER,
    departureGrace: DEPARTURE_GRACE,
    participants: {},
  };
}
