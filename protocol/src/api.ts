import * as v from 'valibot';
import { RoomId } from './address.ts';
import { DataBody } from './data.ts';
import {
  DisplayName,
  Metadata,
  MetadataChanges,
  Participant,
  Role,
  Room,
  RoomChanges,
  RoomOptions,
  WaitingParticipant,
} from './room.ts';
import { Source } from './source.ts';

/*
 * The bodies of the HTTP API, by which back ends run rooms. A request with a field that there is not is refused: it would
 * be a misspelt one.
 */

/** Bytes of a request's body. */
export const MAX_BODY_BYTES = 64 * 1024;

const HOUR = 3600;

export const RoomsQuery = v.object({
  limit: v.optional(v.pipe(v.string(), v.transform(Number), v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
});

/** Why a back end does what it does: those concerned are told. */
export const ReasonQuery = v.object({ reason: v.optional(v.pipe(v.string(), v.maxLength(256))) });

/** Rooms in a page, unless the query says how many. */
export const DEFAULT_LIMIT = 50;

export const RoomsPage = v.object({ rooms: v.array(Room), cursor: v.optional(v.string()) });
export type RoomsPage = v.InferOutput<typeof RoomsPage>;

export const NewRoom = v.strictObject({ id: RoomId, options: v.optional(v.strictObject(RoomOptions.entries), {}) });
export type NewRoom = v.InferOutput<typeof NewRoom>;

export const RoomUpdate = v.strictObject(RoomChanges.entries);

/** By their ids. */
export const Participants = v.object({
  participants: v.record(v.string(), Participant),
  waiting: v.record(v.string(), WaitingParticipant),
});
export type Participants = v.InferOutput<typeof Participants>;

/** Whatever is given changes. */
export const ParticipantUpdate = v.strictObject({
  role: v.optional(Role),
  /** All that is to be blocked from now on. */
  blocked: v.optional(v.pipe(v.array(Source), v.maxLength(Source.options.length))),
  metadata: v.optional(MetadataChanges),
});
export type ParticipantUpdate = v.InferOutput<typeof ParticipantUpdate>;

/** Whom a token is for, and what it lets him do in the room. */
export const NewInvitation = v.strictObject({
  /** A name, or a user's URL in the domain. */
  user: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(256)),
  /** What others see. Default: the user's name. */
  name: v.optional(DisplayName),
  create: v.optional(v.boolean(), false),
  publish: v.optional(v.union([v.boolean(), v.array(Source)]), true),
  subscribe: v.optional(v.boolean(), true),
  data: v.optional(v.boolean(), true),
  moderate: v.optional(v.boolean(), false),
  metadata: v.optional(Metadata),
  /** Seconds. */
  expiresIn: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(24 * HOUR)), 6 * HOUR),
});
export type NewInvitation = v.InferOutput<typeof NewInvitation>;

/** What an invited participant needs. */
export const Invitation = v.object({
  token: v.string(),
  /** When the token does, in ISO 8601. */
  expires: v.string(),
  /** The URL that the SDK connects to. */
  signalling: v.string(),
});
export type Invitation = v.InferOutput<typeof Invitation>;

export const NewDataMessage = v.strictObject(DataBody.entries.value.entries);

export const ApiErrorCode = v.picklist([
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'conflict',
  'room-full',
  'too-large',
  'locked',
  'too-fast',
  'server-error',
  'no-media-node',
]);
export type ApiErrorCode = v.InferOutput<typeof ApiErrorCode>;

export const ApiError = v.object({
  /** Stays as it is from one release to the next. */
  code: ApiErrorCode,
  /** For people. */
  message: v.string(),
});
export type ApiError = v.InferOutput<typeof ApiError>;
