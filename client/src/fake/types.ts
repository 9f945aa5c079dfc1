import type { HyperroomErrorCode } from '../errors.ts';
import type { JoinOptions } from '../hyperroom.ts';
import type { Room } from '../room.ts';
import type { Metadata, Source } from '../types.ts';

/** Somebody, by participant or by id. */
export type Whom = string | { readonly id: string };

/** Of `FakeServer.join`. */
export interface FakeJoinOptions extends Omit<JoinOptions, 'stream'> {
  /** What it publishes. Default: microphone and camera. */
  publishes?: readonly Source[];
}

/** Somebody else in a room, whom a test plays. `FakeServer.join` makes one. */
export interface FakeParticipant {
  readonly id: string;
  /** The room as this participant has it: a real one, to chat, mute, publish or leave in. */
  readonly room: Room;
  /** Its socket is lost; it is back at once. */
  dropSockets(): void;
  /** Its socket is lost, and it does not come back: others see it `disconnected`, and leave when the room's `departureGrace` is over. */
  goOffline(): void;
  /** Ends `goOffline`. */
  goOnline(): void;
}

/** How media pass, as `connectionQualityChanged` will have it. */
export type FakeQuality = 'excellent' | 'good' | 'poor' | 'lost';

/** What a refusal is of. */
export type Refusable = 'join' | 'update' | 'data' | 'moderation';

/** Errors that a server can be made to answer with; `timeout`: it does not answer. */
export type RefusalCode = Exclude<
  HyperroomErrorCode,
  'connection-refused' | 'connection-lost' | 'waiting-refused' | 'protocol-error'
>;

/** What a token lets its bearer do, as `mintToken` of `@hyperroom/client/server` takes it. */
export interface FakeGrants {
  /** A room id, or a pattern with `*`. Default: all. */
  room?: string;
  /** May create the room by joining it. Default false. */
  create?: boolean;
  /** Default true. */
  publish?: boolean | Source[];
  /** Default true. */
  subscribe?: boolean;
  /** Default true. */
  data?: boolean;
  /** Default false. */
  moderate?: boolean;
}

export interface FakeTokenOptions extends FakeGrants {
  /** The user's name in the domain: who comes with the same is the same user. */
  user: string;
  /** Shown to others instead of what a join says. */
  name?: string;
  metadata?: Metadata;
  /** Seconds that it is good for. Default 3600. */
  seconds?: number;
}
