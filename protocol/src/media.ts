import * as v from 'valibot';
import { Address, HypertyUrl, RoomUrl } from './address.ts';
import { TrickledCandidates } from './conference.ts';
import { Connection } from './connection.ts';
import { Message } from './message.ts';
import { MediaState, Room } from './room.ts';

/*
 * Between the conference and a media node. The conference `execute`s commands at the node's hyperty;
 * the node sends `create` (announce) and `update` (reports) to domain://media.<domain>.
 *
 * Every command carries the roster that it follows from. The node keeps the newest roster of a room and makes its
 * pipeline agree with it, so commands may be lost, doubled or overtaken without harm.
 */

export const RosterEntry = v.object({
  hypertyURL: HypertyUrl,
  /** Where the node posts answers: the participant's connection at the WebSocket API. */
  connectionId: v.string(),
  status: v.picklist(['live', 'disconnected']),
  publishes: v.boolean(),
  /** The version of the room in which this participant was admitted: tells a second stay from the first. */
  admitted: v.number(),
});
export type RosterEntry = v.InferOutput<typeof RosterEntry>;

/** Who is in a room, at one version. Empty: the room is gone and its pipeline with it. */
export const Roster = v.object({
  room: RoomUrl,
  /** A room that is created again under the same id is another incarnation, and its versions start anew. */
  incarnation: v.string(),
  version: v.number(),
  /** Milliseconds a participant without a socket keeps its place. */
  departureGrace: v.number(),
  participants: v.record(v.string(), RosterEntry),
});
export type Roster = v.InferOutput<typeof Roster>;

/** Where the answer to a client's request goes: the node posts it straight to the client. */
export const ReplyTo = v.object({
  connectionId: v.string(),
  request: v.object({ id: v.union([v.number(), v.string()]), from: Address, to: Address }),
  /** Responses to earlier messages of the same frame, delivered in the same one as the answer. */
  before: v.array(Message),
});
export type ReplyTo = v.InferOutput<typeof ReplyTo>;

/** A participant was admitted: answer its offers, and tell it. */
export const JoinCommand = v.object({
  command: v.literal('join'),
  roster: Roster,
  participant: v.string(),
  connections: v.array(Connection),
  /** The room object for the joiner, as admitted. */
  room: Room,
  reply: ReplyTo,
});
export type JoinCommand = v.InferOutput<typeof JoinCommand>;

/** A participant offers more connections, or candidates. */
export const OfferCommand = v.object({
  command: v.literal('offer'),
  roster: Roster,
  participant: v.string(),
  connections: v.array(Connection),
  candidates: v.array(TrickledCandidates),
  reply: ReplyTo,
});
export type OfferCommand = v.InferOutput<typeof OfferCommand>;

/** Somebody left, vanished or came back. */
export const SyncCommand = v.object({ command: v.literal('sync'), roster: Roster });
export type SyncCommand = v.InferOutput<typeof SyncCommand>;

export const MediaCommand = v.variant('command', [JoinCommand, OfferCommand, SyncCommand]);
export type MediaCommand = v.InferOutput<typeof MediaCommand>;

/** What a node says of itself when it announces and with every heartbeat. */
export const NodeStatus = v.object({
  /** A new one for each start of the process. */
  instance: v.string(),
  /** Endpoints it can carry. */
  capacity: v.number(),
  /** Endpoints it carries. */
  load: v.number(),
});
export type NodeStatus = v.InferOutput<typeof NodeStatus>;

export const AnnounceBody = v.object({ value: NodeStatus });
export const HeartbeatReport = v.object({ report: v.literal('heartbeat'), value: NodeStatus });
/** How a participant's publication fares. */
export const MediaReport = v.object({
  report: v.literal('media'),
  resource: RoomUrl,
  incarnation: v.string(),
  participant: v.string(),
  admitted: v.number(),
  media: MediaState,
});
export type MediaReport = v.InferOutput<typeof MediaReport>;
/** A participant to be removed: its grace is over, or its join failed at the media server. */
export const GoneReport = v.object({
  report: v.literal('gone'),
  resource: RoomUrl,
  incarnation: v.string(),
  participant: v.string(),
  admitted: v.number(),
  /** Removed only if still without a socket. */
  onlyIfDisconnected: v.boolean(),
});
export type GoneReport = v.InferOutput<typeof GoneReport>;

export const NodeReport = v.variant('report', [HeartbeatReport, MediaReport, GoneReport]);
export type NodeReport = v.InferOutput<typeof NodeReport>;

/** Milliseconds between heartbeats, and how long the conference believes the last one. */
export const HEARTBEAT_INTERVAL = 5_000;
export const HEARTBEAT_EXPIRES = 15_000;
