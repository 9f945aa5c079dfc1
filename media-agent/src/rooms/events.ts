import type { Code, Direction, IceCandidate, MediaCommand, MediaKind, Message, NodeReport } from '@hyperroom/protocol';
import type { EndpointRef, MediaServerState, RoomKey, StayKey } from './state.ts';

/** `disconnected`: no media for a while. On a receiver its source may be the cause. */
export type TransportState = 'connected' | 'disconnected' | 'closed';

/** What the conference is told of a room. */
export type RoomReport = Exclude<NodeReport, { report: 'heartbeat' | 'inventory' }>;

/** What happens to the agent. */
export type AgentEvent =
  | { type: 'command'; command: MediaCommand }
  | { type: 'answered'; endpoint: EndpointRef; sdp: string }
  | { type: 'unanswered'; endpoint: EndpointRef; code: Code; reason: string }
  | { type: 'transport'; endpoint: EndpointRef; state: TransportState }
  /** A post has found the connection gone. */
  | { type: 'unreachable'; connectionId: string }
  | { type: 'graceOver'; room: RoomKey; stay: StayKey }
  | { type: 'emptyOver'; room: RoomKey }
  | { type: 'forget'; room: RoomKey }
  | { type: 'media'; state: MediaServerState };

/** What the agent does about it. Endpoints of a released pipeline go with it; links go with either of their ends. */
export type AgentAction =
  | { type: 'createPipeline'; room: RoomKey }
  | { type: 'releasePipeline'; room: RoomKey }
  /** `maxBitrate`: kbit/s of video, through a publication as through a receiver. */
  | { type: 'answer'; endpoint: EndpointRef; direction: Direction; offer: string; maxBitrate: number }
  | { type: 'addCandidate'; endpoint: EndpointRef; candidate: IceCandidate }
  /** What is said of one receiver has to be done in order. */
  | { type: 'link' | 'unlink'; publication: EndpointRef; receiver: EndpointRef; kinds: MediaKind[] }
  | { type: 'release'; endpoint: EndpointRef }
  | { type: 'post'; connectionId: string; messages: Message[] }
  | { type: 'report'; report: RoomReport }
  | { type: 'startGrace'; room: RoomKey; stay: StayKey; ms: number }
  | { type: 'cancelGrace'; room: RoomKey; stay: StayKey }
  | { type: 'startEmpty'; room: RoomKey; ms: number }
  | { type: 'cancelEmpty'; room: RoomKey }
  | { type: 'forgetLater'; room: RoomKey; ms: number };
