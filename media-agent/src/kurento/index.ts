export { KurentoEndpoint } from './endpoint.ts';
export type {
  AdoptedOptions,
  Candidate,
  Direction,
  Endpoint,
  EndpointEvents,
  EndpointOptions,
  Flow,
  MediaEvents,
  MediaKind,
  MediaPort,
  MediaSession,
  Pipeline,
  PipelineInfo,
  PipelineOptions,
  Transcoding,
} from './media-port.ts';
export { type Log, MediaServer, type MediaServerOptions } from './media-server.ts';
export { MediaServerError, type MediaServerErrorCode } from './media-server-error.ts';
export { KurentoPipeline } from './pipeline.ts';
