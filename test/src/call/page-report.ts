import * as v from 'valibot';

/** One signalling socket of a page and the join on it. Times are milliseconds since the epoch. */
export const PageJoin = v.object({
  /** The socket was asked for. */
  startedAt: v.number(),
  /** The frame with the answer to the join came. */
  answeredAt: v.nullable(v.number()),
  /** Frames until then, that one included. */
  messagesUp: v.number(),
  messagesDown: v.number(),
  bytesUp: v.number(),
  bytesDown: v.number(),
  /** Messages after that which offer further connections. */
  laterOffers: v.number(),
});
export type PageJoin = v.InferOutput<typeof PageJoin>;

/** What a page has received of one remote participant so far, from `getStats()`. */
export const PageStream = v.object({
  /** The participant's name. */
  from: v.string(),
  framesDecoded: v.number(),
  audioPackets: v.number(),
  /** Samples that the audio decoder has handed out. */
  audioSamplesPlayed: v.number(),
  bytes: v.number(),
  roundTripMs: v.nullable(v.number()),
  firstFrameAt: v.nullable(v.number()),
});
export type PageStream = v.InferOutput<typeof PageStream>;

/** What the probe in a page (`page/probe.ts`) tells. */
export const PageReport = v.object({
  joins: v.array(PageJoin),
  /** One for each remote tile, whether or not anything has come yet. */
  streams: v.array(PageStream),
});
export type PageReport = v.InferOutput<typeof PageReport>;
