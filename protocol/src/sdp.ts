import * as v from 'valibot';
import { MAX_SDP_LENGTH } from './limits.ts';

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
