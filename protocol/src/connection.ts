import * as v from 'valibot';
import { ConnectionUrl, HypertyUrl } from './address.ts';
import { dataObject } from './data-object.ts';
import { MAX_CANDIDATES } from './limits.ts';
import { Offer } from './sdp.ts';
import { PublicationName } from './source.ts';

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
