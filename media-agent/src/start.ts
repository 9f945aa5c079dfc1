import { Agent, type AgentOptions } from './agent.ts';
import type { AgentConfig } from './config.ts';
import { DRAIN_PACE, type DrainTimings } from './drain.ts';
import { type Health, HealthServer } from './health.ts';
import { iceServersFor } from './ice-servers.ts';
import { SILENT } from './log.ts';
import { realPorts } from './ports.ts';
import { Retirement } from './retirement.ts';
import type { Terminations } from './terminations.ts';

/** An agent in the real world, and its health on the loopback. */
export interface RunningAgent {
  readonly health: Health;
  readonly healthUrl: string;
  /** For another process to go on, if its state is kept. */
  stop(): Promise<void>;
  /** For good. */
  retire(): Promise<void>;
  /** For good, when its calls are elsewhere: as when its host is announced to go. */
  drain(): void;
  /** Resolves when it has drained, for whatever reason. */
  readonly drained: Promise<void>;
}

export interface StartOptions extends AgentOptions {
  /** Gives up starting. */
  signal?: AbortSignal;
  /** How it looks for an end while it drains. */
  drainPace?: Pick<DrainTimings, 'intervalMs' | 'quietMs'>;
}

const NOT_STARTED: Health = { signalling: false, kurento: false, rooms: 0, endpoints: 0, draining: false };

/** Resolves once Kurento answers and the conference knows the node, however long that takes. */
export async function startAgent(config: AgentConfig, options: StartOptions = {}): Promise<RunningAgent> {
  const { log = SILENT, signal = new AbortController().signal } = options;
  const ports = realPorts(config, log, signal);
  let agent: Agent | undefined;
  const healthServer = new HealthServer(() => agent?.health ?? NOT_STARTED);
  const end = async (agentEnds: Promise<void> | undefined) => {
    retirement?.cancel();
    await agentEnds;
    ports.close();
    await healthServer.close();
  };
  let retirement: Retirement | undefined;
  const giveUp = () => void agent?.stop();
  signal.addEventListener('abort', giveUp);
  try {
    await healthServer.listen(config.healthPort);
    const iceServers = await turnAccess(config);
    agent = await Agent.create(config, ports, { ...options, ...(iceServers && { iceServers }) });
    await ports.warmUp();
    signal.throwIfAborted();
    const leaving = retirementOf(agent, config, ports.terminations, options);
    retirement = leaving;
    await agent.start();
    return {
      get health() {
        return agent?.health ?? NOT_STARTED;
      },
      healthUrl: healthServer.url,
      stop: () => end(agent?.stop()),
      retire: () => end(agent?.retire()),
      drain: () => leaving.begin(),
      drained: leaving.over,
    };
  } catch (error) {
    await end(agent?.stop());
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function retirementOf(
  agent: Agent,
  { drain }: AgentConfig,
  terminations: Terminations | null,
  { log = SILENT, drainPace = DRAIN_PACE }: StartOptions,
): Retirement {
  const retire = async () => {
    await agent.drain({ ...drain, ...drainPace });
    await agent.retire();
  };
  return new Retirement({ retire, terminations, log });
}

/** Credentials for the host's TURN server, if it has one. */
async function turnAccess({ turn }: AgentConfig): Promise<AgentOptions['iceServers']> {
  if (!turn) return undefined;
  const server = { urls: turn.urls, secret: await turn.secret() };
  return (participant) => iceServersFor(server, participant, Date.now());
}
