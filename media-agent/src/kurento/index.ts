export type { Flow, MediaKind, Transcoding } from './endpoint.ts';
export { type Candidate, type Direction, Endpoint, type EndpointEvents, type EndpointOptions } from './endpoint.ts';
export {
  type Log,
  MediaServer,
  type MediaServerEvents,
  type MediaServerOptions,
  type PipelineInfo,
  type PipelineOptions,
} from './media-server.ts';
export { MediaServerError, type MediaServerErrorCode } from './media-server-error.ts';
export type { Pipeline } from './pipeline.ts';
