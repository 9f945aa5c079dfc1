export type { Channel, ChannelEvents, SendOptions } from './channel.ts';
export type { ChatMessage } from './chat.ts';
export type { CloseReason } from './closing.ts';
export type { Emits, EventMap, ListenOptions } from './emitter.ts';
export { HyperroomError, type HyperroomErrorCode, type RefusalBody } from './errors.ts';
export { type ConnectOptions, Hyperroom, type HyperroomOptions, type JoinOptions } from './hyperroom.ts';
export type { Hyperty, HypertyDescription, HypertyEvents } from './hyperty.ts';
export type { Quality } from './insight/quality.ts';
export type { ReceivedStats, RoomStats, SentStats, StreamStats } from './insight/stats.ts';
export type { Token } from './link/destination.ts';
export type { Moderation, ReasonOptions } from './moderation.ts';
export type {
  LocalParticipant,
  LocalPublication,
  Participant,
  Publication,
  PublishOptions,
  RemoteParticipant,
  RemotePublication,
  WaitingParticipant,
} from './participant.ts';
export type { ChannelOptions, Room } from './room.ts';
export type { Muting, Playback, RoomEvents, RoomState } from './room-events.ts';
export type {
  DataMessage,
  MediaKind,
  MediaState,
  Metadata,
  MetadataChanges,
  PublicationName,
  ResolvedRoomOptions,
  Role,
  RoomChanges,
  RoomOptions,
  Source,
  VideoCodec,
  WaitingFor,
} from './types.ts';
