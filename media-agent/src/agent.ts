import { randomUUID } from 'node:crypto';
import {
  domainAddresses,
  type IceServer,
  INVENTORY_INTERVAL,
  type MediaCommand,
  type NodeStatus,
} from '@hyperroom/protocol';
import type { AgentConfig } from './config.ts';
import { Counts } from './counts.ts';
import { type DrainTimings, drained } from './drain.ts';
import type { Health } from './health.ts';
import { inventoryOf } from './inventory.ts';
import type { MediaPort } from './kurento/index.ts';
import { type LinkTimings, SignallingLink } from './link.ts';
import { type Log, reasonOf, SILENT } from './log.ts';
import { MediaExecutor } from './media.ts';
import { Performer } from './performer.ts';
import { Keeper } from './persistence/keeper.ts';
import { type AgentRecord, readRecord, writeRecord } from './persistence/record.ts';
import type { AgentPorts } from './ports.ts';
import { Poster } from './post.ts';
import { ReportOutbox } from './reports.ts';
import { RequestLog } from './request-log.ts';
import type { AgentEvent } from './rooms/events.ts';
import { type AgentState, initialState } from './rooms/state.ts';
import { step } from './rooms/step.ts';
import { delay, Timers } from './timers.ts';

export type NodeSettings = Pick<AgentConfig, 'nodeId' | 'domain' | 'signallingUrl' | 'token' | 'capacity'>;

export interface AgentOptions {
  log?: Log;
  linkTimings?: Partial<LinkTimings>;
  /** The way to the media for a participant that finds no direct one. Default: there is none. */
  iceServers?: (participant: string) => IceServer[];
}

/** Kurento may come back with all it held; after this long its rooms are better off elsewhere, and what it holds is dropped. */
const LOST_AFTER = 3_000;

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
  readonly #performer: Performer;
  readonly #requests: RequestLog;
  readonly #iceServers: AgentOptions['iceServers'];
  readonly #timers = new Timers();
  readonly #instance = randomUUID();
  readonly #hyperty: string;
  /** Null: an end of the process is the end of its calls. */
  readonly #keeper: Keeper | null;
  /** Of the process before. */
  readonly #record: AgentRecord | null;
  #state: AgentState;
  /** While it does not hold yet all that its state tells of, the record of the process before is the better one. */
  #takingOver = false;
  /** Whether the conference has yet to hear of this process. */
  #isNew = true;
  /** Whether Kurento can be asked for anything. */
  #reachable = true;
  /** Whether it is to be given no more rooms. */
  #draining = false;
  readonly #ending = new AbortController();
  /** What has been lost here may begin anew here: the conference knows of the one before it hears of the other. */
  #announced: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  /** Resolves once the media server answers, however long that takes. */
  static async create(settings: NodeSettings, ports: AgentPorts, options: AgentOptions = {}): Promise<Agent> {
    const text = (await ports.store?.load()) ?? null;
    const record = text === null ? null : readRecord(text, initialState(settings.capacity));
    if (text !== null && !record) options.log?.warn("the kept state is another program's: starting without it");
    const server = await ports.connectMedia(record?.session ?? null);
    return new Agent(settings, { ...ports, server }, record, options);
  }

  private constructor(
    settings: NodeSettings,
    { server, ...ports }: AgentPorts & { server: MediaPort },
    record: AgentRecord | null,
    options: AgentOptions,
  ) {
    const { log = SILENT, linkTimings = {} } = options;
    this.#log = log;
    this.#iceServers = options.iceServers;
    this.#settings = settings;
    this.#server = server;
    this.#record = record;
    this.#keeper = ports.store && new Keeper(ports.store, () => this.#text(), log);
    this.#state = initialState(settings.capacity);
    const emit = (event: AgentEvent) => this.#dispatch(event);
    const { nodeId, domain } = settings;
    const addresses = domainAddresses(domain);
    this.#hyperty = addresses.hyperty(`media-${nodeId}`);
    const counts = new Counts();
    this.#media = new MediaExecutor({ server, nodeId, capacity: settings.capacity, emit, counts, log });
    const objectsOf: MediaExecutor['objectsOf'] = (room, endpoints) => this.#media.objectsOf(room, endpoints);
    this.#requests = new RequestLog({ objectsOf, counts, log });
    this.#poster = new Poster({
      post: ports.post,
      onGone: (connectionId) => emit({ type: 'unreachable', connectionId }),
      onPosted: (...posted) => this.#requests.posted(...posted),
      counts,
      log,
    });
    this.#link = new SignallingLink({
      url: settings.signallingUrl,
      openSocket: ports.openSocket,
      token: settings.token,
      addresses,
      hyperty: this.#hyperty,
      status: () => this.#status(),
      counts,
      isEmpty: () => this.#isNew && !this.#record,
      log,
      timings: linkTimings,
    });
    this.#reports = new ReportOutbox({ send: (report) => this.#link.report(report), log });
    this.#performer = new Performer({
      media: this.#media,
      poster: this.#poster,
      reports: this.#reports,
      timers: this.#timers,
      hyperty: this.#hyperty,
      announced: () => this.#announced,
      emit,
      log,
    });
  }

  get health(): Health {
    return {
      signalling: this.#link.isRegistered,
      kurento: this.#state.media === 'up',
      rooms: this.#media.roomCount,
      endpoints: this.#media.endpointCount,
      draining: this.#draining,
    };
  }

  /** Resolves once the conference knows the node, however long that takes. */
  async start(): Promise<void> {
    this.#followKurento();
    this.#followLink();
    if (this.#record) await this.#takeOver(this.#record);
    // Whatever else is there in this node's name was left by a process that is no more.
    await this.#media.orphans.releaseAll().catch((error) => this.#unswept(error));
    this.#tendLater();
    await this.#link.start();
  }

  /** Where its state is kept, another process is to go on with its calls. Otherwise it retires. */
  stop(): Promise<void> {
    this.#stopped ??= this.#keeper ? this.#handOver(this.#keeper) : this.#retire();
    return this.#stopped;
  }

  /** Says farewell, and gives back all that it made. */
  retire(): Promise<void> {
    this.#stopped ??= this.#retire();
    return this.#stopped;
  }

  /** Takes no more rooms; resolves when none is left, or time is up. Rejects when the agent ends otherwise. */
  async drain(timings: DrainTimings): Promise<void> {
    this.#draining = true;
    this.#log.info('draining', { rooms: this.#media.roomCount, ...timings });
    if (this.#link.isRegistered) this.#announce();
    const failed = (error: unknown) => this.#log.warn('rooms not moved', { reason: reasonOf(error) });
    const evacuate = () => this.#link.report({ report: 'evacuation' }).catch(failed);
    await drained({ rooms: () => this.#media.roomCount, evacuate }, timings, this.#ending.signal);
  }

  async #retire(): Promise<void> {
    this.#ending.abort();
    this.#timers.clear();
    await inTime(Promise.all([this.#link.close(), this.#media.closeAll(), this.#poster.drain()]));
    this.#server.close();
  }

  async #handOver(keeper: Keeper): Promise<void> {
    this.#ending.abort();
    this.#timers.clear();
    this.#link.hangUp();
    keeper.changed();
    await inTime(Promise.all([keeper.kept(), this.#poster.drain()]));
    this.#server.close();
  }

  /** Nothing is negotiated, and no viewer notices: all goes on as it was, but for what was under way in that moment. */
  async #takeOver({ state, media }: AgentRecord): Promise<void> {
    const { resumed } = this.#server;
    this.#state = state;
    this.#log.info('state taken over', { rooms: state.rooms.size, resumed });
    if (!resumed) this.#dispatch({ type: 'media', state: 'lost' });
    const open = [...state.rooms.values()].filter((room) => room.open).map(({ key }) => key);
    this.#takingOver = true;
    const missing = resumed ? await this.#media.adopt(media, open) : [];
    this.#takingOver = false;
    this.#dispatch({ type: 'restored' });
    for (const endpoint of missing) this.#dispatch({ type: 'missing', endpoint });
    if (resumed) void this.#media.retell();
    else this.#dispatch({ type: 'media', state: 'up' });
  }

  #followLink(): void {
    this.#link.on('command', (command) => this.#take(command));
    this.#link.on('lost', () => this.#dispatch({ type: 'link', up: false }));
    this.#link.on('registered', () => {
      this.#isNew = false;
      this.#dispatch({ type: 'link', up: true });
      this.#log.info('registered', { node: this.#settings.nodeId, instance: this.#instance });
      this.#reports.flush();
      this.#tellInventory();
    });
    this.#link.on('response', ({ from }) => this.#dispatch({ type: 'alive', hyperty: from }));
    this.#link.on('heartbeat', () => this.#reports.flush());
  }

  #take(command: MediaCommand): void {
    this.#requests.taken(command);
    const offers = command.command !== 'sync' && command.connections.length > 0;
    const iceServers = offers ? this.#iceServers?.(command.participant) : undefined;
    this.#dispatch({ type: 'command', command, ...(iceServers && { iceServers }) });
  }

  #followKurento(): void {
    this.#server.on('lost', () => {
      this.#reachable = false;
      this.#dispatch({ type: 'media', state: 'away' });
      this.#timers.start('kurento', LOST_AFTER, () => this.#dispatch({ type: 'media', state: 'lost' }));
    });
    this.#server.on('reconnected', ({ sameSession }) => {
      this.#reachable = true;
      this.#timers.cancel('kurento');
      this.#goOn(sameSession);
    });
  }

  /** There is news of what it can take. */
  #announce(): void {
    this.#announced = this.#link
      .announce()
      .catch((error) => this.#log.warn('not announced', { reason: reasonOf(error) }));
  }

  #goOn(sameSession: boolean): void {
    this.#announce();
    if (!sameSession) this.#dispatch({ type: 'media', state: 'lost' });
    this.#dispatch({ type: 'media', state: 'up' });
    if (sameSession) void this.#media.retell();
    void this.#media.releaseLeftovers();
  }

  /** What is compared now and then, whatever has been told: rooms with the conference's, objects with the media server's. */
  #tendLater(): void {
    this.#timers.start('tend', INVENTORY_INTERVAL, () => {
      this.#tendLater();
      this.#tellInventory();
      this.#keeper?.changed();
      if (this.#state.media === 'up') void this.#media.orphans.sweep().catch((error) => this.#unswept(error));
    });
  }

  #unswept(error: unknown): void {
    this.#log.warn('orphans not looked for', { reason: reasonOf(error) });
  }

  #tellInventory(): void {
    if (!this.#link.isRegistered) return;
    for (const inventory of inventoryOf(this.#state.rooms.values())) {
      this.#link
        .report(inventory)
        .catch((error) => this.#log.warn('inventory undelivered', { reason: reasonOf(error) }));
    }
  }

  #text(): string | null {
    const { session } = this.#server;
    // Before the first object is made there is nothing to go on with.
    if (!session) return null;
    return writeRecord({ session, media: this.#media.record, state: this.#state });
  }

  /** Without Kurento no room is to be placed here. */
  #status(): NodeStatus {
    const capacity = this.#reachable ? this.#settings.capacity : 0;
    return {
      instance: this.#instance,
      capacity,
      load: this.#media.endpointCount,
      rooms: this.#media.roomCount,
      participants: participantCount(this.#state),
      ...(this.#draining && { draining: true }),
    };
  }

  #dispatch(event: AgentEvent): void {
    // What fails because this node leaves is nobody's fault: the conference learns that the node has gone.
    if (this.#stopped) return;
    try {
      const { state, actions } = step(this.#state, event);
      this.#state = state;
      if (!this.#takingOver) this.#keeper?.changed();
      for (const action of actions) {
        this.#performer
          .perform(action)
          .catch((error) => this.#log.error('action failed', { action: action.type, reason: reasonOf(error) }));
      }
    } catch (error) {
      // A fault of ours in one room must not end the calls in all the others.
      this.#log.error('event failed', { event: event.type, reason: reasonOf(error) });
    }
  }
}

function participantCount({ rooms }: AgentState): number {
  return [...rooms.values()].reduce((count, { roster }) => count + Object.keys(roster.participants).length, 0);
}

async function inTime(farewell: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([farewell, delay(FAREWELL, over.signal).catch(() => {})]);
  over.abort();
}
