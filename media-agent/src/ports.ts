import { ApiPosts, type PostFrame } from './api-posts.ts';
import type { AgentConfig } from './config.ts';
import { type MediaPort, MediaServer, type MediaSession } from './kurento/index.ts';
import type { Log } from './log.ts';
import { StateFile, type StateStore } from './persistence/state-file.ts';
import { type OpenSocket, openWebSocket } from './socket.ts';
import { AutoScalingTerminations, type Terminations } from './terminations.ts';

/** All that the agent has to do with the world. */
export interface AgentPorts {
  /** Waits until the media server answers. Of a session that it still knows, all objects can be adopted. */
  connectMedia(session: MediaSession | null): Promise<MediaPort>;
  openSocket: OpenSocket;
  post: PostFrame;
  /** Null: nothing is kept, and an end of the process is the end of its calls. */
  store: StateStore | null;
}

/** The real ones, and what is to be closed with them. */
export interface RealPorts extends AgentPorts {
  warmUp(): Promise<void>;
  /** Null: nobody but an operator ends this host. */
  terminations: Terminations | null;
  close(): void;
}

/** How long a socket may take to open. */
const HANDSHAKE_DEADLINE = 5_000;

export function realPorts(config: AgentConfig, log: Log, signal: AbortSignal): RealPorts {
  const posts = new ApiPosts({ endpoint: config.managementEndpoint, region: config.region, log });
  return {
    connectMedia: (session) => MediaServer.connect(config.kurentoUrl, { log, signal, ...(session && { session }) }),
    openSocket: (url) => openWebSocket(url, HANDSHAKE_DEADLINE),
    post: (connectionId, frame) => posts.post(connectionId, frame),
    store: config.stateFile === null ? null : new StateFile(config.stateFile),
    warmUp: () => posts.warmUp(),
    terminations:
      config.autoScaling && new AutoScalingTerminations({ ...config.autoScaling, region: config.region, log }),
    close: () => posts.close(),
  };
}
