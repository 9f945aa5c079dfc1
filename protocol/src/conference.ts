import * as v from 'valibot';
import { ConnectionUrl, RoomUrl } from './address.ts';
import { Connection, ConnectionAnswer, IceCandidates } from './connection.ts';
import { DataMessage } from './data.ts';
import { MAX_CAPACITY, MAX_CONNECTIONS } from './limits.ts';
import { DisplayName, Metadata, MetadataChanges, Room, RoomOptions, VideoCodec } from './room.ts';
import { MediaKind, PublicationName, Source } from './source.ts';

/*
 * What a client hyperty says to the conference hyperty, and what it hears.
 *
 *   create   join a room (or create it): the client's connection objects, offers inside
 *   update   what it publishes, receives and says of itself from now on
 *   re-open  goes on with a stay, on another socket or after having been taken for gone
 *   execute  moderation (moderation.ts)
 *   read     the room object
 *   delete   leave
 *
 * Unasked, the conference sends an `update` with a PushBody, and a `delete` with a DismissedBody when it ends the stay.
 */

const publishing = (list: readonly Connection[]) => list.filter(({ data }) => data.direction === 'publish');

const Connections = v.pipe(
  v.array(Connection),
  v.maxLength(MAX_CONNECTIONS),
  v.check(
    (list) => new Set(list.map((connection) => connection.url)).size === list.length,
    'each connection has a URL of its own',
  ),
  v.check(
    (list) => new Set(publishing(list).map(({ data }) => data.publication)).size === publishing(list).length,
    'one connection for each publication',
  ),
  v.check(
    (list) => publishing(list).every(({ data }) => data.publication),
    'a connection that publishes says which publication',
  ),
);

/** What a participant wants of one publication of somebody else. */
export const SubscriptionChoice = v.object({
  /** The participant's id. */
  participant: v.string(),
  publication: PublicationName,
  /** True: it comes before those that nobody chose. False: it takes no connection. Absent: as `auto` says, a choice of `paused` alone. */
  subscribed: v.optional(v.boolean()),
  /** Of these kinds nothing is sent for now; the connection stays. */
  paused: v.array(MediaKind),
});
export type SubscriptionChoice = v.InferOutput<typeof SubscriptionChoice>;

/** All that a participant wants: each replaces the one before. */
export const Subscriptions = v.object({
  /** Rises with each: one that comes late is ignored. */
  revision: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Whether it wants the publications that it has made no choice about. */
  auto: v.boolean(),
  choices: v.pipe(v.array(SubscriptionChoice), v.maxLength(2 * MAX_CAPACITY)),
});
export type Subscriptions = v.InferOutput<typeof Subscriptions>;

const Sources = v.pipe(v.array(Source), v.maxLength(Source.options.length));

/** `create`. */
export const JoinBody = v.object({
  resource: RoomUrl,
  /** Given: create the room if there is none. Absent: 404 if there is none. */
  create: v.optional(RoomOptions),
  identity: v.object({ name: DisplayName }),
  connections: Connections,
  muted: v.optional(Sources, []),
  metadata: v.optional(Metadata, {}),
  /** Default: everything, as far as the room's `lastN` goes. */
  subscriptions: v.optional(Subscriptions),
});
export type JoinBody = v.InferOutput<typeof JoinBody>;

export const TrickledCandidates = v.object({ url: ConnectionUrl, iceCandidates: IceCandidates });
export type TrickledCandidates = v.InferOutput<typeof TrickledCandidates>;

/** `update` by a participant: whatever is given changes. */
export const UpdateBody = v.object({
  resource: RoomUrl,
  /** Further connections, to publish or to receive. To publish what one publishes already replaces it. */
  connections: v.optional(Connections, []),
  /** Candidates found after an offer had gone. */
  candidates: v.optional(v.pipe(v.array(TrickledCandidates), v.maxLength(MAX_CONNECTIONS)), []),
  subscriptions: v.optional(Subscriptions),
  unpublish: v.optional(v.pipe(v.array(PublicationName), v.maxLength(PublicationName.options.length)), []),
  /** All that it has muted. */
  muted: v.optional(Sources),
  metadata: v.optional(MetadataChanges),
  /** It has begun to speak: worth saying where others publish more than the room's `lastN`. */
  speaking: v.optional(v.literal(true)),
});
export type UpdateBody = v.InferOutput<typeof UpdateBody>;

/** `re-open`: by a hyperty that its sender has just registered, with its `resumption`, on this socket. 404: that stay is over. */
export const ResumeBody = v.object({ resource: RoomUrl });

/** What it is answered with. */
export const ResumedBody = v.object({
  code: v.literal(200),
  /** The room as it is: what was missed is in it. */
  value: Room,
  /** Data messages that were sent meanwhile to who was known to be without a socket, oldest first. */
  messages: v.array(DataMessage),
});
export type ResumedBody = v.InferOutput<typeof ResumedBody>;

/**
 * A media node asks whether a participant is there at all: a `read` of its hyperty, where nothing else proves it. Answered with 200
 * and `value: 'live'`.
 */
export const ProbeBody = v.object({ resource: RoomUrl, attribute: v.literal('status') });
export type ProbeBody = v.InferOutput<typeof ProbeBody>;

/** What may come with a refusal that will pass (429, 503): seconds until it is worth asking again. */
export const RetryBody = v.looseObject({ retryAfter: v.number() });

/** `read` and `delete`. */
export const RoomBody = v.object({ resource: RoomUrl });

/** The response to a join. */
export const JoinedBody = v.object({
  code: v.literal(200),
  /** The room as it was when the participant was admitted. */
  value: Room,
  connections: v.array(ConnectionAnswer),
});
export type JoinedBody = v.InferOutput<typeof JoinedBody>;

/** The response to a join that has to wait: the conference will say when to join again (AdmittedBody), or that it shall not be (DismissedBody). */
export const WaitingBody = v.object({ code: v.literal(202), waiting: v.literal(true) });
export type WaitingBody = v.InferOutput<typeof WaitingBody>;

/** What comes with a refusal of 488: offers must be of this codec. */
export const CodecBody = v.looseObject({ code: v.literal(488), codec: VideoCodec });

/** What the conference says of connections: unasked, and in answer to an `update`. */
export const ConnectionsBody = v.object({
  resource: RoomUrl,
  /** The version of the room that these follow from: a `peer` not in a room this new has left it. */
  version: v.number(),
  connections: v.array(ConnectionAnswer),
});
export type ConnectionsBody = v.InferOutput<typeof ConnectionsBody>;

/** A moderator has admitted somebody who waits: the same join will be accepted now. */
export const AdmittedBody = v.object({ resource: RoomUrl, admitted: v.literal(true) });
export type AdmittedBody = v.InferOutput<typeof AdmittedBody>;

export const PushBody = v.union([ConnectionsBody, AdmittedBody]);
export type PushBody = v.InferOutput<typeof PushBody>;

/** Why the conference ended a stay, or a wait. */
export const DismissalReason = v.picklist(['removed', 'replaced', 'refused', 'ended']);
export type DismissalReason = v.InferOutput<typeof DismissalReason>;

export const DismissedBody = v.object({
  resource: RoomUrl,
  reason: DismissalReason,
  /** What the moderator had to say. */
  description: v.optional(v.string()),
});
export type DismissedBody = v.InferOutput<typeof DismissedBody>;
