import * as v from 'valibot';
import { ConnectionUrl, HypertyUrl } from './address.ts';
import { dataObject } from './data-object.ts';
import { MAX_CANDIDATES, MAX_SDP_LENGTH } from './limits.ts';
import { PublicationName } from './source.ts';

/** The least that makes a session description worth handing to a media server. */
const Sdp = v.pipe(
  v.string(),
  v.maxLength(MAX_SDP_LENGTH, `an SDP has at most ${MAX_SDP_LENGTH} characters`),
  v.check(
    (sdp) => sdp.startsWith('v=0') && /^m=/m.test(sdp) && /^a=ice-ufrag:/m.test(sdp) && /^a=fingerprint:/m.test(sdp),
    'not the SDP of a WebRTC peer connection',
  ),
);

export const Offer = v.object({ type: v.literal('offer'), sdp: Sdp });
export type Offer = v.InferOutput<typeof Offer>;
export const Answer = v.object({ type: v.literal('answer'), sdp: Sdp });
export type Answer = v.InferOutput<typeof Answer>;

export const IceCandidate = v.object({
  candidate: v.pipe(v.string(), v.maxLength(512)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(64))),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))),
});
export type IceCandidate = v.InferOutput<typeof IceCandidate>;

export const IceCandidates = v.pipe(v.array(IceCandidate), v.maxLength(MAX_CANDIDATES));

/** `publish`: the client sends one of its publications. `receive`: it takes one of another participant's. */
export const Direction = v.picklist(['publish', 'receive']);
export type Direction = v.InferOutput<typeof Direction>;

/**
 * One peer connection between a client and the media server, reported by the client.
 * `peer` is who is at the other end: of a receiving one, the participant it shows (null while spare).
 */
export const ConnectionData = v.object({
  status: v.picklist(['new', 'checking', 'connected', 'completed', 'failed', 'disconnected', 'closed']),
  owner: HypertyUrl,
  peer: v.nullable(HypertyUrl),
  direction: Direction,
  /** Which of the client's publications it sends, or of its peer's it shows. */
  publication: v.optional(PublicationName),
  /** The receiving connection that this one takes over from, as soon as its transport stands: Kurento has no ICE restart. */
  replaces: v.optional(ConnectionUrl),
  connectionDescription: Offer,
  /** Those not in the offer's SDP already. */
  iceCandidates: IceCandidates,
});

export const Connection = dataObject(ConnectionData);
export type Connection = v.InferOutput<typeof Connection>;

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
