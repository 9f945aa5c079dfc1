import * as v from 'valibot';
import { Address, ConnectionUrl, HypertyUrl, RoomUrl } from './address.ts';
import { Subscriptions, TrickledCandidates } from './conference.ts';
import { Connection } from './connection.ts';
import { Message, Trace } from './message.ts';
import { MediaState, Room, VideoCodec } from './room.ts';
import { MediaKind, PublicationName } from './source.ts';

/*
 * Between the conference and a media node. The conference `execute`s commands at the node's hyperty;
 * the node sends `create` (announce) and `update` (reports) to domain://media.<domain>.
 *
 * Every command carries the roster that it follows from. The node keeps the newest roster of a room and makes its
 * pipeline agree with it, so commands may be lost, doubled or overtaken without harm.
 */

/** What a participant publishes, as the node needs it. */
export const RosterPublication = v.object({
  connection: ConnectionUrl,
  kinds: v.array(MediaKind),
  /** Those that a moderator has muted: nobody gets them. */
  blocked: v.array(MediaKind),
  /** The version of the room since which it is there. */
  since: v.number(),
});
export type RosterPublication = v.InferOutput<typeof RosterPublication>;

export const RosterEntry = v.object({
  hypertyURL: HypertyUrl,
  /** Where the node posts answers: the participant's connection at the WebSocket API. */
  connectionId: v.string(),
  status: v.picklist(['live', 'disconnected']),
  publications: v.record(PublicationName, v.optional(RosterPublication)),
  /** Whether it may receive. */
  subscribes: v.boolean(),
  /** The version of the room in which this participant was admitted: tells a second stay from the first. */
  admitted: v.number(),
});
export type RosterEntry = v.InferOutput<typeof RosterEntry>;

/** Who is in a room, at one version. With nobody in it there is no pipeline. */
export const Roster = v.object({
  room: RoomUrl,
  /** A room that is created again under the same id is another incarnation, and its versions start anew. */
  incarnation: v.string(),
  /** Rises when the room is given to a node, or given again: whatever a node made for an earlier epoch is over. */
  epoch: v.number(),
  version: v.number(),
  /** Milliseconds a participant without a socket keeps its place. */
  departureGrace: v.number(),
  /** Milliseconds that the room lasts with nobody in it. */
  emptyTimeout: v.number(),
  codec: VideoCodec,
  /** kbit/s for the video of one publication. */
  maxBitrate: v.number(),
  /** How many publications a participant receives at the most. */
  lastN: v.number(),
  /** Ids of participants, the one who spoke last first. */
  speakers: v.array(v.string()),
  participants: v.record(v.string(), RosterEntry),
});
export type Roster = v.InferOutput<typeof Roster>;

/** Where the answer to a client's request goes: the node posts it straight to the client. */
export const ReplyTo = v.object({
  connectionId: v.string(),
  request: v.object({ id: v.union([v.number(), v.string()]), from: Address, to: Address }),
  /** Responses to earlier messages of the same frame, delivered in the same one as the answer. */
  before: v.array(Message),
  /** The request's own. */
  trace: v.optional(Trace),
  /** When the gateway received the request, in milliseconds since the epoch, where it says so. */
  received: v.optional(v.number()),
});
export type ReplyTo = v.InferOutput<typeof ReplyTo>;

/** A participant was admitted: answer its offers, and tell it. */
export const JoinCommand = v.object({
  command: v.literal('join'),
  roster: Roster,
  participant: v.string(),
  connections: v.array(Connection),
  subscriptions: v.optional(Subscriptions),
  /** The room object for the joiner, as admitted. */
  room: Room,
  reply: ReplyTo,
});
export type JoinCommand = v.InferOutput<typeof JoinCommand>;

/** What a participant offers, brings or wants from now on: answered with a ConnectionsBody. */
export const UpdateCommand = v.object({
  command: v.literal('update'),
  roster: Roster,
  participant: v.string(),
  connections: v.array(Connection),
  candidates: v.array(TrickledCandidates),
  subscriptions: v.optional(Subscriptions),
  reply: ReplyTo,
});
export type UpdateCommand = v.InferOutput<typeof UpdateCommand>;

/** Somebody left, vanished, came back, or is to be treated otherwise than before. */
export const SyncCommand = v.object({
  command: v.literal('sync'),
  roster: Roster,
  /** This life of the room is over, and the next has begun elsewhere: what is here serves its clients until they have what they need there. */
  moved: v.optional(v.boolean()),
});
export type SyncCommand = v.InferOutput<typeof SyncCommand>;

export const MediaCommand = v.variant('command', [JoinCommand, UpdateCommand, SyncCommand]);
export type MediaCommand = v.InferOutput<typeof MediaCommand>;

/** What a node says of itself when it announces and with every heartbeat. `capacity` 0: it can take no room now. */
export const NodeStatus = v.object({
  /** A new one for each start of the process. */
  instance: v.string(),
  /** Endpoints it can carry. */
  capacity: v.number(),
  /** Endpoints it carries. */
  load: v.number(),
  /** Its host is to go: it takes no more rooms, and those it has finish or move. */
  draining: v.optional(v.boolean()),
  /** Rooms it holds, and participants in them: for whoever operates it. */
  rooms: v.optional(v.number()),
  participants: v.optional(v.number()),
});
export type NodeStatus = v.InferOutput<typeof NodeStatus>;

export const AnnounceBody = v.object({
  value: NodeStatus,
  /** Its process has just begun and has taken nothing over: whatever media there were of its rooms are gone. */
  isEmpty: v.optional(v.boolean(), false),
});

/**
 * What has happened at a node since it last told of it: for whoever operates it. Told with one heartbeat in some; one that is not
 * answered may have been heard all the same, so that some of it is told twice.
 */
export const NodeCounts = v.object({
  /** Answers and pushes that did not reach their client, after all tries. */
  postFailures: v.number(),
  /** Posts to clients that were gone (410). */
  postsGone: v.number(),
  /** Sockets to the WebSocket API that had to be opened again. */
  reconnects: v.number(),
  /** Endpoints for which Kurento began to transcode: each costs as much as many others. */
  transcodings: v.number(),
  /** Joins it refused, by code. */
  joinRefusals: v.record(v.string(), v.number()),
  /** Milliseconds that joins have taken, each from the gateway's receipt until it had the answer for the client. */
  joinTimes: v.array(v.number()),
});
export type NodeCounts = v.InferOutput<typeof NodeCounts>;

export const HeartbeatReport = v.object({
  report: v.literal('heartbeat'),
  value: NodeStatus,
  /** Its last heartbeats were answered in time: only then are others, whose heartbeats are late, taken for lost. */
  witness: v.boolean(),
  counts: v.optional(NodeCounts),
});
export type HeartbeatReport = v.InferOutput<typeof HeartbeatReport>;

/** One life of a room on one node. */
const ROOM = { resource: RoomUrl, incarnation: v.string(), epoch: v.number() };

/** Whom a report is about: one participation, not the next of the same participant. */
const STAY = {
  ...ROOM,
  participant: v.string(),
  admitted: v.number(),
};

const PUBLICATION = { publication: PublicationName, connection: ConnectionUrl };

/** How a publication fares. */
export const MediaReport = v.object({
  report: v.literal('media'),
  ...STAY,
  ...PUBLICATION,
  media: MediaState,
});
export type MediaReport = v.InferOutput<typeof MediaReport>;
/** A participant to be removed: its grace is over, or its join failed at the media server. */
export const GoneReport = v.object({
  report: v.literal('gone'),
  ...STAY,
  /** Removed only if still without a socket. */
  onlyIfDisconnected: v.boolean(),
  /** The connection of the WebSocket API that was found gone, or silent: who has another by now stays. Absent: the join failed. */
  connectionId: v.optional(v.string()),
});
export type GoneReport = v.InferOutput<typeof GoneReport>;

/** A publication that could not be answered: the participant was told, and stays. */
export const UnpublishedReport = v.object({
  report: v.literal('unpublished'),
  ...STAY,
  ...PUBLICATION,
});
export type UnpublishedReport = v.InferOutput<typeof UnpublishedReport>;
/** Nobody has been in a room for its `emptyTimeout`. */
export const EmptyReport = v.object({
  report: v.literal('empty'),
  ...ROOM,
  /** The version it is empty at: if it has changed since, somebody has been there. */
  version: v.number(),
});
export type EmptyReport = v.InferOutput<typeof EmptyReport>;

/** The media of a room are gone, with the media server that had them: it needs a node, be it the same. */
export const LostReport = v.object({ report: v.literal('lost'), ...ROOM });
export type LostReport = v.InferOutput<typeof LostReport>;

/** The host of a node is to go, and what is left there has had its time: its rooms are to move, as far as there is place elsewhere. */
export const EvacuationReport = v.object({ report: v.literal('evacuation') });

/**
 * Which rooms a node holds: what it has missed, or has too many, it is sent by `sync`. Of many rooms each report has those alone
 * that `sliceOf` puts into it.
 */
export const InventoryReport = v.object({
  report: v.literal('inventory'),
  slice: v.pipe(v.number(), v.integer(), v.minValue(0)),
  slices: v.pipe(v.number(), v.integer(), v.minValue(1)),
  rooms: v.array(v.object({ ...ROOM, version: v.number() })),
});
export type InventoryReport = v.InferOutput<typeof InventoryReport>;

/** FNV-1a of a room's URL: the same on both sides. */
export function sliceOf(resource: string, slices: number): number {
  let hash = 0x811c9dc5;
  for (const character of resource) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % slices;
}

export const NodeReport = v.variant('report', [
  HeartbeatReport,
  LostReport,
  InventoryReport,
  EvacuationReport,
  MediaReport,
  GoneReport,
  UnpublishedReport,
  EmptyReport,
]);
export type NodeReport = v.InferOutput<typeof NodeReport>;

/** Milliseconds between heartbeats. */
export const HEARTBEAT_INTERVAL = 1_500;
/** Milliseconds after which a heartbeat is late: a node that others are witnesses for is then taken for lost. */
export const HEARTBEAT_LATE = 3_500;
/** Milliseconds that a heartbeat is believed where there is no other node to turn to. */
export const HEARTBEAT_EXPIRES = 15_000;
/** Milliseconds that a node whose socket has closed is given to come back: its process may just be starting again, its media going on. */
export const RESTART_GRACE = 3_000;
/** Milliseconds between two inventories of a node. */
export const INVENTORY_INTERVAL = 10_000;
