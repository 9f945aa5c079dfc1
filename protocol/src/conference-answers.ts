import * as v from 'valibot';
import { ConnectionUrl, HypertyUrl, RoomUrl } from './address.ts';
import { DataMessage } from './data.ts';
import { Room, VideoCodec } from './room.ts';
import { Answer } from './sdp.ts';
import { PublicationName } from './source.ts';

/*
 * What a client hyperty hears from the conference hyperty: responses to what it says (conference.ts), and unasked an `update` with a
 * PushBody, a `delete` with a DismissedBody when its stay is ended, a `read` with a ProbeBody.
 */

/**
 * What the conference adds to a client's connection: the answer, and whom a receiving one shows. That comes in the response to
 * a join or an offer, and by itself when a connection is put to use: a spare one, or one that shows somebody else from now on.
 */
export const ConnectionAnswer = v.object({
  url: ConnectionUrl,
  peer: v.optional(v.nullable(HypertyUrl)),
  /** Which of the peer's publications. */
  publication: v.optional(PublicationName),
  connectionDescription: v.optional(Answer),
  /** The offer could not be answered: this connection is of no use. */
  error: v.optional(v.string()),
});
export type ConnectionAnswer = v.InferOutput<typeof ConnectionAnswer>;

/** As RTCPeerConnection takes it; what it names is good for a day. */
export const IceServer = v.object({
  urls: v.array(v.string()),
  username: v.string(),
  credential: v.string(),
});
export type IceServer = v.InferOutput<typeof IceServer>;

/** The way to the media for whoever finds no direct one: it comes with the answer to each offer, for it may be another by then. Absent: there is none. */
const iceServers = v.optional(v.array(IceServer));

/** The response to a join. */
export const JoinedBody = v.object({
  code: v.literal(200),
  /** The room as it was when the participant was admitted. */
  value: Room,
  connections: v.array(ConnectionAnswer),
  iceServers,
});
export type JoinedBody = v.InferOutput<typeof JoinedBody>;

/** The response to a `re-open`. */
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
export const RetryBody = v.looseObject({
  retryAfter: v.number(),
  /** A media node is being started (503): it will be there in a minute or two. */
  starting: v.optional(v.boolean()),
});
export type RetryBody = v.InferOutput<typeof RetryBody>;

/** The response to a join that has to wait: the conference will say when to join again (AdmittedBody), or that it shall not be (DismissedBody). */
export const WaitingBody = v.object({ code: v.literal(202), waiting: v.literal(true) });
export type WaitingBody = v.InferOutput<typeof WaitingBody>;

/** What comes with a refusal of 488: offers must be of this codec. */
export const CodecBody = v.looseObject({ code: v.literal(488), codec: VideoCodec });
export type CodecBody = v.InferOutput<typeof CodecBody>;

/** What the conference says of connections: unasked, and in answer to an `update`. */
export const ConnectionsBody = v.object({
  resource: RoomUrl,
  /** The version of the room that these follow from: a `peer` not in a room this new has left it. */
  version: v.number(),
  connections: v.array(ConnectionAnswer),
  iceServers,
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
