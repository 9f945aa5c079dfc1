import { Agent, type AgentOptions } from './agent.ts';
import type { AgentConfig } from './config.ts';
import { type Health, HealthServer } from './health.ts';
import { iceServersFor } from './ice-servers.ts';
import { SILENT } from './log.ts';
import { realPorts } from './ports.ts';

/** An agent in the real world, and its health on the loopback. */
export interface RunningAgent {
  readonly health: Health;
  readonly healthUrl: string;
  /** For another process to go on, if its state is kept. */
  stop(): Promise<void>;
  /** For good. */
  retire(): Promise<void>;
}

export interface StartOptions extends AgentOptions {
  /** Gives up starting. */
  signal?: AbortSignal;
}

const NOT_STARTED: Health = { signalling: false, kurento: false, rooms: 0, endpoints: 0 };

/** Resolves once Kurento answers and the conference knows the node, however long that takes. */
export async function startAgent(config: AgentConfig, options: StartOptions = {}): Promise<RunningAgent> {
  const { log = SILENT, signal = new AbortController().signal } = options;
  const ports = realPorts(config, log, signal);
  let agent: Agent | undefined;
  const healthServer = new HealthServer(() => agent?.health ?? NOT_STARTED);
  const end = async (agentEnds: Promise<void> | undefined) => {
    await agentEnds;
    ports.close();
    await healthServer.close();
  };
  const giveUp = () => void agent?.stop();
  signal.addEventListener('abort', giveUp);
  try {
    await healthServer.listen(config.healthPort);
    const iceServers = await turnAccess(config);
    agent = await Agent.create(config, ports, { ...options, ...(iceServers && { iceServers }) });
    await ports.warmUp();
    signal.throwIfAborted();
    await agent.start();
    return {
      get health() {
        return agent?.health ?? NOT_STARTED;
      },
      healthUrl: healthServer.url,
      stop: () => end(agent?.stop()),
      retire: () => end(agent?.retire()),
    };
  } catch (error) {
    await end(agent?.stop());
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Credentials for the host's TURN server, if it has one. */
async function turnAccess({ turn }: AgentConfig): Promise<AgentOptions['iceServers']> {
  if (!turn) return undefined;
  const server = { urls: turn.urls, secret: await turn.secret() };
  return (participant) => iceServersFor(server, participant, Date.now());
}
