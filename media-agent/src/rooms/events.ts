import type {
  Code,
  Direction,
  IceCandidate,
  IceServer,
  MediaCommand,
  MediaKind,
  Message,
  NodeReport,
} from '@hyperroom/protocol';
import type { EndpointRef, Flow, MediaServerState, RoomKey, StayKey } from './state.ts';

/** `disconnected`: no media for a while. On a receiver its source may be the cause. */
export type TransportState = 'connected' | 'disconnected' | 'closed';

/** What the conference is told of a room. */
export type RoomReport = Exclude<NodeReport, { report: 'heartbeat' | 'inventory' | 'evacuation' }>;

/** What is waited for. */
export type Timer =
  | { name: 'grace' | 'probe'; room: RoomKey; stay: StayKey }
  | ({ name: 'handOver' | 'connecting' } & EndpointRef)
  | { name: 'empty' | 'lost' | 'moved' | 'forget'; room: RoomKey };

/** What happens to the agent. */
export type AgentEvent =
  /** `iceServers`: what whoever offers connections is to be told of. */
  | { type: 'command'; command: MediaCommand; iceServers?: IceServer[] }
  | { type: 'answered'; endpoint: EndpointRef; sdp: string }
  | { type: 'unanswered'; endpoint: EndpointRef; code: Code; reason: string }
  | { type: 'transport'; endpoint: EndpointRef; state: TransportState }
  /** Media begin to come in at a publication, or cease to. */
  | { type: 'flow'; endpoint: EndpointRef; kind: MediaKind; flowing: boolean }
  /** The media server turns out not to have it any more. */
  | { type: 'missing'; endpoint: EndpointRef }
  /** All that a receiver turns out to be connected to. */
  | { type: 'wired'; endpoint: EndpointRef; flows: Flow[] }
  /** A post has found the connection gone. */
  | { type: 'unreachable'; connectionId: string }
  /** A participant has answered a probe. */
  | { type: 'alive'; hyperty: string }
  | { type: 'timeUp'; timer: Timer }
  | { type: 'media'; state: MediaServerState }
  /** The conference knows the node, or does no longer. */
  | { type: 'link'; up: boolean }
  /** The state is that of an earlier process: what was under way then has come to nothing, what was said may not have arrived. */
  | { type: 'restored' };

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
  /** Asks whether a participant is there at all. */
  | { type: 'probe'; connectionId: string; id: string; to: string; resource: string }
  /** To start one again replaces it. */
  | { type: 'startTimer'; timer: Timer; ms: number }
  | { type: 'cancelTimer'; timer: Timer };
