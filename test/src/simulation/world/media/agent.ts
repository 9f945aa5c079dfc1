/* The real media agent, as it is. */

export { Agent, type NodeSettings } from '../../../../../media-agent/src/agent.ts';
export type { PostFrame } from '../../../../../media-agent/src/api-posts.ts';
export type { DrainTimings } from '../../../../../media-agent/src/drain.ts';
export {
  type AdoptedOptions,
  type Direction,
  type Endpoint,
  type EndpointEvents,
  type EndpointOptions,
  type MediaEvents,
  type MediaKind,
  type MediaPort,
  MediaServerError,
  type MediaSession,
  type Pipeline,
  type PipelineInfo,
  type PipelineOptions,
} from '../../../../../media-agent/src/kurento/index.ts';
export type { StateStore } from '../../../../../media-agent/src/persistence/state-file.ts';
export type { AgentPorts } from '../../../../../media-agent/src/ports.ts';
export type { Socket, SocketEvents } from '../../../../../media-agent/src/socket.ts';
