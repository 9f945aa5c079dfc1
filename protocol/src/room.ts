import * as v from 'valibot';
import { ConnectionUrl, HypertyUrl } from './address.ts';
import { dataObject } from './data-object.ts';
import { MAX_CAPACITY, MAX_HISTORY, MAX_LAST_N, MAX_METADATA_BYTES, MAX_NAME_LENGTH } from './limits.ts';
import { PublicationName, Source } from './source.ts';

const NAME = `a name has 1 to ${MAX_NAME_LENGTH} characters`;
export const DisplayName = v.pipe(v.string(NAME), v.trim(), v.minLength(1, NAME), v.maxLength(MAX_NAME_LENGTH, NAME));

/** What an application says of a room or a participant, in words of its own. */
export const Metadata = v.pipe(
  v.record(v.pipe(v.string(), v.minLength(1), v.maxLength(64)), v.string()),
  v.check(
    (metadata) => new TextEncoder().encode(JSON.stringify(metadata)).length <= MAX_METADATA_BYTES,
    `metadata has at most ${MAX_METADATA_BYTES} bytes as JSON`,
  ),
);
export type Metadata = v.InferOutput<typeof Metadata>;

/** Changes of metadata: null deletes a key. */
export const MetadataChanges = v.record(
  v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  v.nullable(v.pipe(v.string(), v.maxLength(MAX_METADATA_BYTES))),
);
export type MetadataChanges = v.InferOutput<typeof MetadataChanges>;

export const VideoCodec = v.picklist(['VP8', 'H264']);
export type VideoCodec = v.InferOutput<typeof VideoCodec>;

const wholeNumber = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** How a room is run. Fixed at creation, but for those that `RoomChanges` names. */
const OPTIONS = {
  /** How many participants it takes at the most. */
  capacity: wholeNumber(1, MAX_CAPACITY),
  /** The only video codec of the room: mixing them would make the media server transcode. */
  codec: VideoCodec,
  /** Seconds that it lasts with nobody in it. */
  emptyTimeout: wholeNumber(0, 86_400),
  /** Seconds that a participant without a socket keeps its place. */
  departureGrace: wholeNumber(0, 60),
  /** The most that the video of one publication takes, in kbit/s. */
  maxBitrate: wholeNumber(100, 20_000),
  /** How many publications a participant receives at the most: screens first, then those who spoke last. */
  lastN: wholeNumber(1, MAX_LAST_N),
  publishers: v.picklist(['everyone', 'moderators']),
  /** What a second join of the same user does: it is refused, or it ends the first. Without a token everyone is somebody else. */
  identities: v.picklist(['replace', 'reject']),
  /** How many data messages to everyone are kept for those who join later. */
  history: wholeNumber(0, MAX_HISTORY),
  /** Nobody but moderators gets in. */
  locked: v.boolean(),
  /** Whoever is no moderator waits to be admitted by one. */
  waitingRoom: v.boolean(),
};

export const ResolvedRoomOptions = v.object(OPTIONS);
export type ResolvedRoomOptions = v.InferOutput<typeof ResolvedRoomOptions>;

export const DEFAULT_ROOM_OPTIONS: ResolvedRoomOptions = {
  capacity: 50,
  codec: 'VP8',
  emptyTimeout: 0,
  departureGrace: 5,
  maxBitrate: 2000,
  lastN: 7,
  publishers: 'everyone',
  identities: 'replace',
  history: 0,
  locked: false,
  waitingRoom: false,
};

/** What the creator of a room may choose. */
export const RoomOptions = v.object({ ...v.partial(ResolvedRoomOptions).entries, metadata: v.optional(Metadata) });
export type RoomOptions = v.InferOutput<typeof RoomOptions>;

/** What moderators and back ends may change while it lasts. */
export const RoomChanges = v.object({
  capacity: v.optional(OPTIONS.capacity),
  publishers: v.optional(OPTIONS.publishers),
  locked: v.optional(OPTIONS.locked),
  waitingRoom: v.optional(OPTIONS.waitingRoom),
  metadata: v.optional(MetadataChanges),
});
export type RoomChanges = v.InferOutput<typeof RoomChanges>;

/** Whether what is published has reached the media server. */
export const MediaState = v.picklist(['connecting', 'connected', 'failed']);
export type MediaState = v.InferOutput<typeof MediaState>;

/** What a participant sends through one connection. Published anew it is another one, with another connection. */
export const Publication = v.object({
  connection: ConnectionUrl,
  sources: v.array(Source),
  media: MediaState,
});
export type Publication = v.InferOutput<typeof Publication>;

export const Role = v.picklist(['participant', 'moderator']);
export type Role = v.InferOutput<typeof Role>;

export const Participant = v.object({
  hypertyURL: HypertyUrl,
  domain: v.string(),
  identity: v.object({ name: v.string(), user: v.string() }),
  role: Role,
  /** `disconnected`: its socket is gone and its departure grace is running. */
  status: v.picklist(['live', 'disconnected']),
  /** By their names: `main` and `screen`. */
  publications: v.record(PublicationName, v.optional(Publication)),
  /** What it has muted itself. Whether it publishes that at the moment is another matter. */
  muted: v.array(Source),
  /** What a moderator has muted: the media server passes none of it on, whatever is sent. */
  blocked: v.array(Source),
  metadata: Metadata,
  joined: v.string(),
});
export type Participant = v.InferOutput<typeof Participant>;

/** Somebody who asks to be admitted. */
export const WaitingParticipant = v.object({
  hypertyURL: HypertyUrl,
  identity: v.object({ name: v.string(), user: v.string() }),
  since: v.string(),
});
export type WaitingParticipant = v.InferOutput<typeof WaitingParticipant>;

/** A room as reTHINK's Communication object. `participants` and `waiting` are keyed by the id of the participant's hyperty. */
export const RoomData = v.object({
  startingTime: v.string(),
  status: v.picklist(['open', 'closed']),
  /** Rises whenever the room's media begin anew, on another node or the same: everybody in it then offers all connections again. */
  epoch: v.number(),
  /** `waiting`: there is no media node for it at the moment. The epoch rises when there is. */
  media: v.picklist(['ready', 'waiting']),
  options: ResolvedRoomOptions,
  metadata: Metadata,
  /** Who spoke last, latest first, in a room where others publish more than `lastN`; ids of participants. */
  speakers: v.array(v.string()),
  participants: v.record(v.string(), Participant),
  waiting: v.record(v.string(), WaitingParticipant),
});
export type RoomData = v.InferOutput<typeof RoomData>;

export const Room = dataObject(RoomData);
export type Room = v.InferOutput<typeof Room>;
