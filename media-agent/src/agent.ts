import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { domainAddresses, type NodeStatus } from '@hyperroom/protocol';
import type { AgentConfig } from './config.ts';
import { type Health, HealthServer } from './health.ts';
import { MediaServer } from './kurento/index.ts';
import { type LinkTimings, SignallingLink } from './link.ts';
import { type Log, reasonOf, SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';
import { Poster } from './post.ts';
import { ReportOutbox } from './reports.ts';
import type { AgentAction, AgentEvent } from './rooms/events.ts';
import { initialState } from './rooms/state.ts';
import { step } from './rooms/step.ts';
import { Timers } from './timers.ts';

export interface AgentOptions {
  log?: Log;
  /** Gives up starting. */
  signal?: AbortSignal;
  linkTimings?: Partial<LinkTimings>;
}

/** Kurento may come back with all it held; after this long its clients have given up, and what it holds is dropped. */
const LOST_AFTER = 10_000;

/** How long a clean end waits for what others have to do about it. */
const FAREWELL = 4_000;

/** Resolves once Kurento answers and the conference knows the node, however long that takes. */
export async function startAgent(config: AgentConfig, options: AgentOptions = {}): Promise<Agent> {
  const { log = SILENT, signal } = options;
  let agent: Agent | undefined;
  const giveUp = () => void agent?.stop();
  signal?.addEventListener('abort', giveUp);
  const healthServer = new HealthServer(() => agent?.health ?? NOT_STARTED);
  try {
    await healthServer.listen(config.healthPort);
    const kurento = await MediaServer.connect(config.kurentoUrl, { log, ...(signal && { signal }) });
    agent = new Agent(config, { kurento, healthServer }, options);
    await agent.start();
    return agent;
  } catch (error) {
    await agent?.stop();
    await healthServer.close();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

const NOT_STARTED: Health = { signalling: false, kurento: false, rooms: 0, endpoints: 0 };

interface AgentParts {
  kurento: MediaServer;
  healthServer: HealthServer;
}

/** A media node: decisions are made in `rooms/`, this carries them out. */
export class Agent {
  readonly #log: Log;
  readonly #config: AgentConfig;
  readonly #kurento: MediaServer;
  readonly #link: SignallingLink;
  readonly #poster: Poster;
  readonly #media: MediaExecutor;
  readonly #reports: ReportOutbox;
  readonly #healthServer: HealthServer;
  readonly #timers = new Timers();
  readonly #instance = randomUUID();
  #state = initialState();
  #stopped: Promise<void> | null = null;

  constructor(config: AgentConfig, { kurento, healthServer }: AgentParts, options: AgentOptions) {
    const { log = SILENT, linkTimings = {} } = options;
    this.#log = log;
    this.#config = config;
    this.#kurento = kurento;
    const emit = (event: AgentEvent) => this.#dispatch(event);
    const { nodeId, domain } = config;
    const addresses = domainAddresses(domain);
    this.#media = new MediaExecutor({ server: kurento, nodeId, emit, log });
    this.#poster = new Poster({
      endpoint: config.managementEndpoint,
      region: config.region,
      onGone: (connectionId) => emit({ type: 'unreachable', connectionId }),
      log,
    });
    this.#link = new SignallingLink({
      url: config.signallingUrl,
      token: config.token,
      addresses,
      hyperty: addresses.hyperty(`media-${nodeId}`),
      status: () => this.#status(),
      log,
      timings: linkTimings,
    });
    this.#reports = new ReportOutbox({ send: (report) => this.#link.report(report), log });
    this.#healthServer = healthServer;
  }

  get health(): Health {
    return {
      signalling: this.#link.isRegistered,
      kurento: this.#state.media === 'up',
      rooms: this.#media.roomCount,
      endpoints: this.#media.endpointCount,
    };
  }

  /** Where its health is served. */
  get healthUrl(): string {
    return this.#healthServer.url;
  }

  async start(): Promise<void> {
    this.#followKurento();
    this.#link.on('command', (command) => this.#dispatch({ type: 'command', command }));
    this.#link.on('registered', () => {
      this.#log.info('registered', { node: this.#config.nodeId, instance: this.#instance });
      this.#reports.flush();
    });
    this.#link.on('heartbeat', () => this.#reports.flush());
    await this.#poster.warmUp();
    await this.#link.start();
  }

  /** Gives back all that it made at the media server, and leaves. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#timers.clear();
    const farewell = Promise.all([this.#link.close(), this.#media.closeAll(), this.#poster.drain()]);
    await Promise.race([farewell, delay(FAREWELL, undefined, { ref: false })]);
    this.#poster.close();
    this.#kurento.close();
    await this.#healthServer.close();
  }

  #followKurento(): void {
    this.#kurento.on('lost', () => {
      this.#dispatch({ type: 'media', state: 'away' });
      this.#timers.start('kurento', LOST_AFTER, () => this.#dispatch({ type: 'media', state: 'lost' }));
    });
    this.#kurento.on('reconnected', ({ sameSession }) => {
      this.#timers.cancel('kurento');
      if (!sameSession) this.#dispatch({ type: 'media', state: 'lost' });
      this.#dispatch({ type: 'media', state: 'up' });
      void this.#media.releaseLeftovers();
    });
  }

  /** Without Kurento no room is to be placed here. */
  #status(): NodeStatus {
    const capacity = this.#state.media === 'up' ? this.#config.capacity : 0;
    return { instance: this.#instance, capacity, load: this.#media.endpointCount };
  }

  #dispatch(event: AgentEvent): void {
    // What fails because this node leaves is nobody's fault: the conference learns that the node has gone.
    if (this.#stopped) return;
    try {
      const { state, actions } = step(this.#state, event);
      this.#state = state;
      for (const action of actions) {
        this.#perform(action).catch((error) =>
          this.#log.error('action failed', { action: action.type, reason: reasonOf(error) }),
        );
      }
    } catch (error) {
      // A fault of ours in one room must not end the calls in all the others.
      this.#log.error('event failed', { event: event.type, reason: reasonOf(error) });
    }
  }

  async #perform(action: AgentAction): Promise<void> {
    switch (action.type) {
      case 'createPipeline':
        this.#log.info('room opened', { room: action.room });
        return this.#media.openRoom(action.room);
      case 'releasePipeline':
        this.#log.info('room closed', { room: action.room });
        return this.#media.closeRoom(action.room);
      case 'answer':
        return this.#media.answer(action.endpoint, action.direction, action.offer, action.maxBitrate);
      case 'addCandidate':
        return this.#media.addCandidate(action.endpoint, action.candidate);
      case 'link':
        return this.#media.link(action.publication, action.receiver, action.kinds);
      case 'unlink':
        return this.#media.unlink(action.publication, action.receiver, action.kinds);
      case 'release':
        return this.#media.release(action.endpoint);
      case 'post':
        return this.#poster.post(action.connectionId, action.messages);
      case 'report':
        return this.#reports.put(action.report);
      case 'startGrace': {
        const { room, stay, ms } = action;
        return this.#timers.start(`${room} ${stay}`, ms, () => this.#dispatch({ type: 'graceOver', room, stay }));
      }
      case 'cancelGrace':
        return this.#timers.cancel(`${action.room} ${action.stay}`);
      case 'startEmpty': {
        const { room, ms } = action;
        return this.#timers.start(`empty ${room}`, ms, () => this.#dispatch({ type: 'emptyOver', room }));
      }
      case 'cancelEmpty':
        return this.#timers.cancel(`empty ${action.room}`);
      case 'forgetLater': {
        const { room, ms } = action;
        return this.#timers.start(room, ms, () => this.#dispatch({ type: 'forget', room }));
      }
    }
  }
}
