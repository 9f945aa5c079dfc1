import type {
  Code,
  Direction,
  GoneReport,
  IceCandidate,
  MediaCommand,
  MediaReport,
  Message,
} from '@hyperroom/protocol';
import type { EndpointRef, MediaServerState, RoomKey, StayKey } from './state.ts';

/** `disconnected`: no media for a while. On a receiver its source may be the cause. */
export type TransportState = 'connected' | 'disconnected' | 'closed';

/** What happens to the agent. */
export type AgentEvent =
  | { type: 'command'; command: MediaCommand }
  | { type: 'answered'; endpoint: EndpointRef; sdp: string }
  | { type: 'unanswered'; endpoint: EndpointRef; code: Code; reason: string }
  | { type: 'transport'; endpoint: EndpointRef; state: TransportState }
  /** A post has found the connection gone. */
  | { type: 'unreachable'; connectionId: string }
  | { type: 'graceOver'; room: RoomKey; stay: StayKey }
  | { type: 'forget'; room: RoomKey }
  | { type: 'media'; state: MediaServerState };

/** What the agent does about it. Endpoints of a released pipeline go with it. */
export type AgentAction =
  | { type: 'createPipeline'; room: RoomKey }
  | { type: 'releasePipeline'; room: RoomKey }
  | { type: 'answer'; endpoint: EndpointRef; direction: Direction; offer: string }
  | { type: 'addCandidate'; endpoint: EndpointRef; candidate: IceCandidate }
  | { type: 'link'; publication: EndpointRef; receiver: EndpointRef }
  | { type: 'release'; endpoint: EndpointRef }
  | { type: 'post'; connectionId: string; messages: Message[] }
  | { type: 'report'; report: MediaReport | GoneReport }
  | { type: 'startGrace'; room: RoomKey; stay: StayKey; ms: number }
  | { type: 'cancelGrace'; room: RoomKey; stay: StayKey }
  | { type: 'forgetLater'; room: RoomKey; ms: number };
