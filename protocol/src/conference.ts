import * as v from 'valibot';
import { ConnectionUrl, RoomUrl } from './address.ts';
import { Connection, IceCandidates } from './connection.ts';
import { MAX_CAPACITY, MAX_CONNECTIONS } from './limits.ts';
import { DisplayName, Metadata, MetadataChanges, RoomOptions } from './room.ts';
import { MediaKind, PublicationName, Source } from './source.ts';

/*
 * What a client hyperty says to the conference hyperty. What it hears is in conference-answers.ts: a client is spared the schemas of what
 * it only says.
 *
 *   create   join a room (or create it): the client's connection objects, offers inside
 *   update   what it publishes, receives and says of itself from now on
 *   re-open  goes on with a stay, on another socket or after having been taken for gone
 *   execute  moderation (moderation.ts)
 *   read     the room object
 *   delete   leave
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

/** `read` and `delete`. */
export const RoomBody = v.object({ resource: RoomUrl });
