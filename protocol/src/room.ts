import * as v from 'valibot';
import { HypertyUrl } from './address.ts';
import { dataObject } from './data-object.ts';
import { MAX_NAME_LENGTH } from './limits.ts';

/** Options that the creator of a room may choose; they hold for the room's life. */
export const RoomOptions = v.object({
  /** How many participants it takes at the most. Default 50. */
  capacity: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
});
export type RoomOptions = v.InferOutput<typeof RoomOptions>;
export const DEFAULT_CAPACITY = 50;

export const DisplayName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_NAME_LENGTH));

export const MediaKind = v.picklist(['audio', 'video']);
export type MediaKind = v.InferOutput<typeof MediaKind>;

/** Whether what a participant publishes has reached the media server. */
export const MediaState = v.picklist(['none', 'connecting', 'connected', 'failed']);
export type MediaState = v.InferOutput<typeof MediaState>;

export const Participant = v.object({
  hypertyURL: HypertyUrl,
  domain: v.string(),
  identity: v.object({ name: v.string(), user: v.string() }),
  /** What it publishes. */
  resources: v.array(MediaKind),
  /** `disconnected`: its socket is gone and its departure grace is running. */
  status: v.picklist(['live', 'disconnected']),
  media: MediaState,
  joined: v.string(),
});
export type Participant = v.InferOutput<typeof Participant>;

/** A room as reTHINK's Communication object. `participants` is keyed by the id of the participant's hyperty. */
export const RoomData = v.object({
  startingTime: v.string(),
  status: v.picklist(['open', 'closed']),
  capacity: v.number(),
  participants: v.record(v.string(), Participant),
});

export const Room = dataObject(RoomData);
export type Room = v.InferOutput<typeof Room>;
