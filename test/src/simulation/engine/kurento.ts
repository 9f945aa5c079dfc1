/*
 * Kurento's protocol as the embedded engine speaks it, which is held to recordings of a real Kurento: its envelope,
 * its sessions, its errors, the links between elements. All but the media.
 */

export { hostCandidate, parseCandidate } from '../../../../local/src/kurento/media/candidates.ts';
export { EndpointProperties } from '../../../../local/src/kurento/objects/endpoint-properties.ts';
export { endpointStats } from '../../../../local/src/kurento/objects/endpoint-stats.ts';
export { Factory } from '../../../../local/src/kurento/objects/factory.ts';
export {
  MEDIA_ELEMENT_EVENTS,
  MediaElement,
  type MediaType,
} from '../../../../local/src/kurento/objects/media-element.ts';
export {
  act,
  type MediaObject,
  type ObjectHost,
  type Operation,
  read,
} from '../../../../local/src/kurento/objects/media-object.ts';
export { MediaPipeline } from '../../../../local/src/kurento/objects/media-pipeline.ts';
export { MediaSet } from '../../../../local/src/kurento/objects/media-set.ts';
export { ServerManager } from '../../../../local/src/kurento/objects/server-manager.ts';
export { TransportEvents } from '../../../../local/src/kurento/objects/transport-events.ts';
export {
  alreadyNegotiated,
  candidateRefused,
  invalidSdp,
  keyFrameRefused,
  noLocalSdp,
  unexpected,
} from '../../../../local/src/kurento/rpc/errors.ts';
export type { JsonObject } from '../../../../local/src/kurento/rpc/json.ts';
export { Parameters } from '../../../../local/src/kurento/rpc/params.ts';
export { ReplyCache } from '../../../../local/src/kurento/rpc/reply-cache.ts';
export { RpcServer } from '../../../../local/src/kurento/rpc/server.ts';
export { ServerMethods } from '../../../../local/src/kurento/rpc/server-methods.ts';
export { SessionSockets } from '../../../../local/src/kurento/rpc/session-sockets.ts';
export { type Description, parseDescription } from '../../../../local/src/kurento/sdp/description.ts';
export {
  type MediaKind,
  type NegotiatedMedia,
  negotiate,
  receives,
} from '../../../../local/src/kurento/sdp/negotiate.ts';
export { writeAnswer } from '../../../../local/src/kurento/sdp/write.ts';
