export { HyperroomError, type HyperroomErrorCode } from '../errors.ts';
export type {
  DataMessage,
  MediaState,
  Metadata,
  MetadataChanges,
  PublicationName,
  ResolvedRoomOptions,
  Role,
  RoomChanges,
  RoomOptions,
  Source,
} from '../types.ts';
export {
  HyperroomServer,
  type HyperroomServerOptions,
  type ParticipantChanges,
  type ReasonOptions,
} from './hyperroom-server.ts';
export { mintToken, signToken, type TokenOptions, type TokenSubject } from './token.ts';
export type {
  CallOptions,
  Grants,
  Happened,
  Identity,
  Invitation,
  LifecycleEvent,
  NewData,
  Participant,
  ParticipantRef,
  Participants,
  Publication,
  PublicationRef,
  Room,
  RoomData,
  RoomRef,
  TokenClaims,
  TokenRole,
  WaitingParticipant,
} from './types.ts';
export { receiveWebhook, type WebhookHeaders } from './webhook.ts';
