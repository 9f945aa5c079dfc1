import type { MediaKind, Metadata, RoomOptions, Source } from '@hyperroom/protocol';

/* What a page of scripted participants (`page/member.ts`) tells a test. */

/** The SDK's HyperroomOptions, those of a test's interest. */
export interface ArriveOptions {
  /** Default: nobody vouches for the member. */
  readonly token?: string;
  readonly socketLifetime?: number;
}

/** The SDK's JoinOptions, as far as they can be written down: a test cannot hand over a MediaStream. */
export interface JoinRequest {
  /** Default: the member's. */
  readonly name?: string;
  readonly create?: true | RoomOptions;
  readonly muted?: readonly Source[];
  readonly metadata?: Metadata;
  readonly subscribe?: 'auto' | 'chosen';
  /** Kinds of fake media to publish with the join. Default: none. */
  readonly media?: readonly MediaKind[];
}

/** What a call of the SDK came to: a value, or the code of a HyperroomError. */
export type Outcome = { readonly value: unknown } | { readonly code: string; readonly message: string };

export interface OtherState {
  readonly id: string;
  readonly role: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly muted: readonly string[];
  readonly blocked: readonly string[];
  readonly isSpeaking: boolean;
  readonly quality: string;
  readonly publications: readonly string[];
  /** Those of them that a connection shows. */
  readonly shown: readonly string[];
}

export interface MemberState {
  readonly waiting: boolean;
  readonly state: string | undefined;
  /** Frames on its sockets so far. */
  readonly messagesUp: number;
  readonly messagesDown: number;
  readonly id: string | undefined;
  readonly role: string | undefined;
  /** Events of its room, oldest first: the name and what it came with, participants by their names. */
  readonly events: readonly (readonly [string, ...unknown[]])[];
  /** By name. */
  readonly participants: Readonly<Record<string, OtherState>>;
}

/** How a room is run, as a participant knows. */
export interface RoomState {
  readonly options: object;
  readonly metadata: Readonly<Record<string, string>>;
  /** Ids of those who wait to be admitted. */
  readonly waiting: readonly string[];
}

/** One kind of media of one publication, as received so far. */
export interface Received {
  /** The participant's name. */
  readonly from: string;
  readonly publication: string;
  readonly kind: string;
  readonly bytes: number;
  readonly packets: number;
  readonly codec?: string | undefined;
  readonly framesDecoded?: number | undefined;
}
