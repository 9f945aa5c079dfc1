import { randomUUID } from 'node:crypto';
import { domainAddresses, type NodeStatus, type ProbeBody } from '@hyperroom/protocol';
import type { AgentConfig } from './config.ts';
import type { Health } from './health.ts';
import type { MediaPort } from './kurento/index.ts';
import { type LinkTimings, SignallingLink } from './link.ts';
import { type Log, reasonOf, SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';
import type { AgentPorts } from './ports.ts';
import { Poster } from './post.ts';
import { ReportOutbox } from './reports.ts';
import type { AgentAction, AgentEvent, Timer } from './rooms/events.ts';
import { type AgentState, initialState } from './rooms/state.ts';
import { step } from './rooms/step.ts';
import { delay, Timers } from './timers.ts';

export type NodeSettings = Pick<AgentConfig, 'nodeId' | 'domain' | 'signallingUrl' | 'token' | 'capacity'>;

export interface AgentOptions {
  log?: Log;
  linkTimings?: Partial<LinkTimings>;
}

/** Kurento may come back with all it held; after this long its clients have given up, and what it holds is dropped. */
const LOST_AFTER = 10_000;

/** How long a clean end waits for what others have to do about it. */
const FAREWELL = 4_000;

/** A media node: decisions are made in `rooms/`, this carries them out. */
export class Agent {
  readonly #log: Log;
  readonly #settings: NodeSettings;
  readonly #server: MediaPort;
  readonly #link: SignallingLink;
  readonly #poster: Poster;
  readonly #media: MediaExecutor;
  readonly #reports: ReportOutbox;
  readonly #timers = new Timers();
  readonly #instance = randomUUID();
  readonly #hyperty: string;
  #state: AgentState;
  #stopped: Promise<void> | null = null;

  /** Resolves once the media server answers, however long that takes. */
  static async create(settings: NodeSettings, ports: AgentPorts, options: AgentOptions = {}): Promise<Agent> {
    const server = await ports.connectMedia(null);
    return new Agent(settings, ports, server, options);
  }

  private constructor(settings: NodeSettings, ports: AgentPorts, server: MediaPort, options: AgentOptions) {
    const { log = SILENT, linkTimings = {} } = options;
    this.#log = log;
    this.#settings = settings;
    this.#server = server;
    this.#state = initialState(settings.capacity);
    const emit = (event: AgentEvent) => this.#dispatch(event);
    const { nodeId, domain } = settings;
    const addresses = domainAddresses(domain);
    this.#hyperty = addresses.hyperty(`media-${nodeId}`);
    this.#media = new MediaExecutor({ server, nodeId, emit, log });
    this.#poster = new Poster({
      post: ports.post,
      onGone: (connectionId) => emit({ type: 'unreachable', connectionId }),
      log,
    });
    this.#link = new SignallingLink({
      url: settings.signallingUrl,
      openSocket: ports.openSocket,
      token: settings.token,
      addresses,
      hyperty: this.#hyperty,
      status: () => this.#status(),
      log,
      timings: linkTimings,
    });
    this.#reports = new ReportOutbox({ send: (report) => this.#link.report(report), log });
  }

  get health(): Health {
    return {
      signalling: this.#link.isRegistered,
      kurento: this.#state.media === 'up',
      rooms: this.#media.roomCount,
      endpoints: this.#media.endpointCount,
    };
  }

  /** Resolves once the conference knows the node, however long that takes. */
  async start(): Promise<void> {
    this.#followKurento();
    this.#link.on('command', (command) => this.#dispatch({ type: 'command', command }));
    this.#link.on('registered', () => {
      this.#log.info('registered', { node: this.#settings.nodeId, instance: this.#instance });
      this.#reports.flush();
    });
    this.#link.on('response', ({ from }) => this.#dispatch({ type: 'alive', hyperty: from }));
    this.#link.on('heartbeat', () => this.#reports.flush());
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
    await Promise.race([farewell, delay(FAREWELL)]);
    this.#server.close();
  }

  #followKurento(): void {
    this.#server.on('lost', () => {
      this.#dispatch({ type: 'media', state: 'away' });
      this.#timers.start('kurento', LOST_AFTER, () => this.#dispatch({ type: 'media', state: 'lost' }));
    });
    this.#server.on('reconnected', ({ sameSession }) => {
      this.#timers.cancel('kurento');
      if (!sameSession) this.#dispatch({ type: 'media', state: 'lost' });
      this.#dispatch({ type: 'media', state: 'up' });
      void this.#media.releaseLeftovers();
    });
  }

  /** Without Kurento no room is to be placed here. */
  #status(): NodeStatus {
    const capacity = this.#state.media === 'up' ? this.#settings.capacity : 0;
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
      case 'probe': {
        const { connectionId, id, to, resource } = action;
        const body = { resource, attribute: 'status' } satisfies ProbeBody;
        return this.#poster.post(connectionId, [{ id, type: 'read', from: this.#hyperty, to, body }]);
      }
      case 'startTimer': {
        const { timer, ms } = action;
        return this.#timers.start(nameOf(timer), ms, () => this.#dispatch({ type: 'timeUp', timer }));
      }
      case 'cancelTimer':
        return this.#timers.cancel(nameOf(action.timer));
    }
  }
}

function nameOf(timer: Timer): string {
  return [timer.name, timer.room, ...('stay' in timer ? [timer.stay] : [])].join(' ');
}
