import {
  DEFAULT_ROOM_OPTIONS,
  idOf,
  type MediaKind,
  type MediaState,
  type Metadata,
  type Participant,
  type PublicationName,
  type ResolvedRoomOptions,
  type Role,
  type Room,
  type RoomData,
  type Roster,
  type RosterEntry,
  SCHEMAS,
  type Source,
  type SyncCommand,
  sourceOf,
  type WaitingParticipant,
} from '@hyperroom/protocol';

export interface MemberPublication {
  readonly connection: string;
  readonly kinds: readonly MediaKind[];
  readonly media: MediaState;
  /** The room's version since which it is there. */
  readonly since: number;
}

export type Publications = Readonly<Partial<Record<PublicationName, MemberPublication>>>;

/** A participant as the conference knows it: what others may see, and where to reach it. */
export interface Member {
  readonly hypertyURL: string;
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly connectionId: string;
  /** When its socket was opened, in milliseconds since the epoch. */
  readonly opened: number;
  /** It has gone on on another socket than the one that it was admitted on. */
  readonly resumed: boolean;
  readonly status: 'live' | 'disconnected';
  readonly publications: Publications;
  readonly muted: readonly Source[];
  readonly blocked: readonly Source[];
  readonly metadata: Metadata;
  /** Whether it may receive. */
  readonly subscribes: boolean;
  readonly joined: string;
  /** The id of the message that it joined with: tells a repeated join from a second one. */
  readonly joinedBy: string | number;
  /** The room's version when it was admitted: tells one stay from the next. */
  readonly admitted: number;
  /** The epoch in which it has said its join again, after one in an earlier epoch may have failed. 1: in none. */
  readonly rejoined: number;
}

/** Somebody who asked to be admitted. */
export interface Waiting {
  readonly hypertyURL: string;
  readonly user: string;
  readonly name: string;
  readonly connectionId: string;
  readonly since: string;
  /** A moderator has let it in; its next join will succeed. Nobody sees it waiting any more. */
  readonly admitted: boolean;
}

/** A room as it is stored. It exists while it has members, or until `emptyUntil`; its version rises by one with each update. */
export interface RoomState {
  readonly url: string;
  readonly incarnation: string;
  readonly version: number;
  readonly created: string;
  readonly lastModified: string;
  /** Without members: milliseconds since the epoch until which it lasts. */
  readonly emptyUntil: number | undefined;
  /** The hyperty of the media node that carries it. Empty: there is none for it at the moment. */
  readonly node: string;
  /** Rises whenever its media begin anew, on another node or the same. */
  readonly epoch: number;
  /** Made by a back end: nobody becomes its moderator by being there first. */
  readonly hosted: boolean;
  readonly options: ResolvedRoomOptions;
  readonly metadata: Metadata;
  readonly speakers: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
  readonly waiting: Readonly<Record<string, Waiting>>;
  /** Users and hyperties that a moderator has removed. */
  readonly banned: readonly string[];
  /** Connections of those who observe it without taking part. */
  readonly observers: readonly string[];
}

/** One stay of a participant, told from its next. */
export interface StayKey {
  readonly room: string;
  readonly incarnation: string;
  readonly id: string;
  readonly admitted: number;
}

export function stayOf({ url, incarnation }: RoomState, id: string, admitted: number): StayKey {
  return { room: url, incarnation, id, admitted };
}

/** The member that a stay is of, while it lasts. */
export function memberOf(room: RoomState | undefined, { incarnation, id, admitted }: StayKey): Member | undefined {
  const member = room?.incarnation === incarnation && Object.hasOwn(room.members, id) ? room.members[id] : undefined;
  return member?.admitted === admitted ? member : undefined;
}

type OptionChanges = { readonly [K in keyof ResolvedRoomOptions]?: ResolvedRoomOptions[K] | undefined };

/** Options with those changed that are given. */
export function optionsWith(options: ResolvedRoomOptions, changes: OptionChanges): ResolvedRoomOptions {
  return { ...options, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}

/** A room without members whose time is over is as good as none. */
export function isOver(room: RoomState, now: number): boolean {
  return room.emptyUntil !== undefined && room.emptyUntil <= now;
}

export function participantOf(member: Member): Participant {
  return {
    hypertyURL: member.hypertyURL,
    domain: member.hypertyURL.split('/')[2] ?? '',
    identity: { name: member.name, user: member.user },
    role: member.role,
    status: member.status,
    publications: mapPublications(member.publications, ({ connection, media }, name) => ({
      connection,
      sources: sourcesPublished(member, name),
      media,
    })),
    muted: [...member.muted],
    blocked: [...member.blocked],
    metadata: member.metadata,
    joined: member.joined,
  };
}

export function waitingParticipantOf({ hypertyURL, name, user, since }: Waiting): WaitingParticipant {
  return { hypertyURL, identity: { name, user }, since };
}

export function sourcesPublished({ publications }: Member, name: PublicationName): Source[] {
  return [...new Set((publications[name]?.kinds ?? []).map((kind) => sourceOf(name, kind)))];
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
      epoch: room.epoch,
      media: mediaOf(room),
      options: room.options,
      metadata: room.metadata,
      speakers: [...room.speakers],
      participants: mapValues(room.members, participantOf),
      waiting: mapValues(visibleWaiting(room), waitingParticipantOf),
    },
  };
}

export function mediaOf({ node }: Pick<RoomState, 'node'>): RoomData['media'] {
  return node ? 'ready' : 'waiting';
}

function visibleWaiting({ waiting }: RoomState): Record<string, Waiting> {
  return Object.fromEntries(Object.entries(waiting).filter(([, { admitted }]) => !admitted));
}

/** The room as its media node needs it. */
export function rosterOf(room: RoomState): Roster {
  return { ...rosterBase(room), version: room.version, participants: mapValues(room.members, rosterEntry) };
}

export function syncOf(room: RoomState): SyncCommand {
  return { command: 'sync', roster: rosterOf(room) };
}

function rosterBase({ url, incarnation, epoch, options, speakers, emptyUntil, lastModified }: RoomState) {
  return {
    room: url,
    incarnation,
    epoch,
    departureGrace: options.departureGrace * 1000,
    // A room that a back end made waits longer for its first participant.
    emptyTimeout: emptyUntil === undefined ? options.emptyTimeout * 1000 : emptyUntil - Date.parse(lastModified),
    codec: options.codec,
    maxBitrate: options.maxBitrate,
    lastN: options.lastN,
    speakers: [...speakers],
  };
}

function rosterEntry(member: Member): RosterEntry {
  return {
    hypertyURL: member.hypertyURL,
    connectionId: member.connectionId,
    status: member.status,
    publications: mapPublications(member.publications, ({ connection, kinds, since }, name) => ({
      connection,
      kinds: [...kinds],
      blocked: kinds.filter((kind) => member.blocked.includes(sourceOf(name, kind))),
      since,
    })),
    subscribes: member.subscribes,
    admitted: member.admitted,
  };
}

/** Of a life of a room that is over, for a node at least: newer than any that it may have seen. */
export function emptyRoster({ url, incarnation, epoch }: Pick<RoomState, 'url' | 'incarnation' | 'epoch'>): Roster {
  const { departureGrace, codec, maxBitrate, lastN } = DEFAULT_ROOM_OPTIONS;
  return {
    room: url,
    incarnation,
    epoch,
    version: Number.MAX_SAFE_INTEGER,
    departureGrace: departureGrace * 1000,
    emptyTimeout: 0,
    codec,
    maxBitrate,
    lastN,
    speakers: [],
    participants: {},
  };
}

/** What a node is told of a life of a room that is over there; `room`: as it is now. */
export function endOf(
  life: Pick<RoomState, 'url' | 'incarnation' | 'epoch'>,
  room: RoomState | undefined,
): SyncCommand {
  const moved = room?.incarnation === life.incarnation && room.epoch > life.epoch;
  return { command: 'sync', roster: emptyRoster(life), ...(moved && { moved }) };
}

export function publicationsOf(member: Member): [PublicationName, MemberPublication][] {
  return (['main', 'screen'] as const).flatMap((name) => {
    const publication = member.publications[name];
    return publication ? [[name, publication] as [PublicationName, MemberPublication]] : [];
  });
}

export function mapPublications<P, T>(
  { main, screen }: Readonly<Partial<Record<PublicationName, P>>>,
  change: (publication: P, name: PublicationName) => T,
): Partial<Record<PublicationName, T>> {
  return { ...(main && { main: change(main, 'main') }), ...(screen && { screen: change(screen, 'screen') }) };
}

export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
