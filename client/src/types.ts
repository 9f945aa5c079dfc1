/** What an application says of a room or a participant, in words of its own: texts by key. A key has 1 to 64 characters, the whole at most 1 KiB as JSON. */
export type Metadata = Record<string, string>;

/** Changes of metadata: null deletes a key, what is not named stays. */
export type MetadataChanges = Record<string, string | null>;

/** Sound, or pictures. */
export type MediaKind = 'audio' | 'video';

/** Where media come from. `screen` is a shared screen's picture and its sound. */
export type Source = 'microphone' | 'camera' | 'screen';

/** A participant's publications: `main` is camera and microphone, or one of them; `screen` a shared screen. */
export type PublicationName = 'main' | 'screen';

/** Whether what is published has reached the media server. */
export type MediaState = 'connecting' | 'connected' | 'failed';

/** Moderators may do what `room.moderation` offers. */
export type Role = 'participant' | 'moderator';

/** What a room's video is encoded with. */
export type VideoCodec = 'VP8' | 'H264';

/** How a room is run. Fixed at its creation, but for what `RoomChanges` names. */
export interface ResolvedRoomOptions {
  /** How many participants it takes at the most: 1 to 100. Default 50. */
  capacity: number;
  /** The only video codec of the room: mixing them would make the media server transcode. Default `VP8`. */
  codec: VideoCodec;
  /** Seconds that it lasts with nobody in it: 0 to 86 400. Default 0. */
  emptyTimeout: number;
  /** Seconds that a participant without a socket keeps its place: 0 to 60. Default 5. */
  departureGrace: number;
  /** The most that the video of one publication takes, in kbit/s: 100 to 20 000. Default 2000. */
  maxBitrate: number;
  /** How many publications a participant receives at the most: chosen ones first, then screens, then those who spoke last. 1 to 32. Default 7. */
  lastN: number;
  /** Who may publish. Default `everyone`. */
  publishers: 'everyone' | 'moderators';
  /** What a second join of the same user does: it ends the first, or it is refused (`conflict`). Without a token everyone is somebody else. Default `replace`. */
  identities: 'replace' | 'reject';
  /** How many data messages to everyone are kept for those who join later: 0 to 100. Default 0. */
  history: number;
  /** Nobody but moderators gets in. Default false. */
  locked: boolean;
  /** Whoever is no moderator waits to be admitted by one. Default false. */
  waitingRoom: boolean;
}

type Choice<T> = { [Key in keyof T]?: T[Key] | undefined };

/** What the creator of a room may choose. */
export interface RoomOptions extends Choice<ResolvedRoomOptions> {
  /** What the application says of the room. Default: nothing. */
  metadata?: Metadata | undefined;
}

/** What moderators and back ends may change of a room while it lasts. */
export interface RoomChanges
  extends Choice<Pick<ResolvedRoomOptions, 'capacity' | 'publishers' | 'locked' | 'waitingRoom'>> {
  /** What the application says of the room: null deletes a key. */
  metadata?: MetadataChanges | undefined;
}

/** Chat, or data of the application, as everybody whom it is for gets it. */
export interface DataMessage {
  /** The same for everybody in the room. */
  id: string;
  /** `chat`, or the topic of a channel. */
  topic: string;
  /** JSON; of chat a text. */
  data: unknown;
  /** Who sent it, as it was named then; undefined: a back end. */
  sender?: { id: string; hypertyURL: string; name: string } | undefined;
  /** Ids of the participants that it is for; undefined: everyone. */
  to?: string[] | undefined;
  /** When the server took it: ISO 8601. */
  sent: string;
}

/** What a join waits for: a moderator's word, or a media server that is being started. */
export type WaitingFor = 'moderator' | 'media';
