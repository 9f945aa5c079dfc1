export type {
  DataMessage,
  Invitation,
  LifecycleEvent,
  Participant,
  Participants,
  Room,
  RoomChanges,
  RoomOptions,
  WaitingParticipant,
} from '@hyperroom/protocol';
export { HyperroomError, type HyperroomErrorCode } from '../errors.ts';
export type { CallOptions } from './http.ts';
export {
  HyperroomServer,
  type HyperroomServerOptions,
  type NewData,
  type ParticipantChanges,
  type ReasonOptions,
} from './hyperroom-server.ts';
export { mintToken, signToken, type TokenOptions, type TokenSubject } from './token.ts';
export { receiveWebhook, type WebhookHeaders } from './webhook.ts';
