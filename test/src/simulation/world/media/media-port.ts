import { EventEmitter } from 'node:events';
import type { Io, Order, Span } from '../io.ts';
import type { Process } from '../time/process.ts';
import {
  type MediaEvents,
  type MediaPort,
  MediaServerError,
  type MediaSession,
  type Pipeline,
  type PipelineInfo,
  type PipelineOptions,
} from './agent.ts';
import type { KurentoServer, Session, Told } from './kurento.ts';
import type { MediaHost } from './media-host.ts';
import { SimulatedPipeline } from './pipeline.ts';

const CALL: Span = [1, 6];
const EVENT: Span = [1, 5];
const DEADLINE = 5_000;
/** The longest between two attempts to connect. */
const RETRY = 700;

export type Call = <T>(what: string, perform: (server: KurentoServer) => T) => Promise<T>;

/** A simulation of a defect: nobody learns which pipelines there are. */
interface Hides {
  readonly hidesPipelines: boolean;
}

/** The agent's side of a Kurento, as the real one behaves: calls fail where that is away, sessions are resumed or lost. */
export class SimulatedMedia extends EventEmitter<MediaEvents> implements MediaPort {
  readonly #io: Io;
  readonly #host: MediaHost;
  readonly #hides: Hides;
  readonly #owner: Process;
  readonly #listeners = new Map<string, (told: Told) => void>();
  #server: KurentoServer | undefined;
  #session: Session | undefined;
  /** Rises when a session is lost: what was made before is of another. */
  #era = 0;
  #requests = 0;
  readonly #order: Order = { last: 0 };
  resumed = false;

  /** Waits until it answers. */
  static connect(io: Io, host: MediaHost, session: MediaSession | null, hides: Hides): Promise<SimulatedMedia> {
    return new Promise((resolve) => {
      const media = new SimulatedMedia(io, host, hides);
      const tryAgain = () => {
        if (media.#connect(session?.id)) resolve(media);
        else io.scheduler.after(io.scheduler.random.between(100, RETRY), 'connect to Kurento', tryAgain);
      };
      io.scheduler.after(io.delay(CALL), 'connect to Kurento', tryAgain);
    });
  }

  private constructor(io: Io, host: MediaHost, hides: Hides) {
    super();
    this.#hides = hides;
    this.#io = io;
    this.#host = host;
    this.#owner = io.scheduler.current;
    this.#owner.whenKilled(() => this.close());
  }

  get session(): MediaSession | undefined {
    return this.#session && { id: this.#session.id, nextRequest: this.#requests };
  }

  async createPipeline({ name, tags = {} }: PipelineOptions): Promise<Pipeline> {
    const call = this.#inEra();
    const id = await call(
      'create pipeline',
      (server) => server.createPipeline(this.#own(server), name, { ...tags }).id,
    );
    return this.#pipeline(id, call);
  }

  async adoptPipeline(id: string): Promise<Pipeline> {
    return this.#pipeline(id, this.#inEra());
  }

  pipelines(): Promise<PipelineInfo[]> {
    return this.#call('getPipelines', (server) =>
      (this.#hides.hidesPipelines ? [] : [...server.pipelines.values()]).map(({ id, name, tags }) => ({
        id,
        name,
        tags: { ...tags },
      })),
    );
  }

  releasePipeline(id: string): Promise<void> {
    return this.#call('release', (server) => server.releasePipeline(id));
  }

  close(): void {
    this.#unwatch();
    if (this.#session) this.#server?.leave(this.#session);
    this.#server = undefined;
  }

  #unwatch: () => void = () => {};

  #connect(wanted: string | undefined): boolean {
    const { server } = this.#host;
    if (!server || this.#host.hangs) return false;
    this.#server = server;
    this.resumed = wanted !== undefined && server.sessions.has(wanted);
    if (this.resumed) this.#own(server, wanted);
    this.#unwatch = this.#host.watch(() => this.#hostChanged(server));
    return true;
  }

  /** The session, which begins with the first object. */
  #own(server: KurentoServer, wanted = this.#session?.id): Session {
    const session = server.open(wanted);
    session.tell = (endpoint, told) => this.#hear(endpoint, told);
    this.#session = session;
    return session;
  }

  #hear(endpoint: string, told: Told): void {
    const { scheduler } = this.#io;
    const hear = () => this.#server && this.#listeners.get(endpoint)?.(told);
    scheduler.after(this.#io.delay(EVENT), `${endpoint} ${told.name}`, hear, this.#owner);
  }

  #hostChanged(server: KurentoServer): void {
    const { scheduler } = this.#io;
    if (this.#host.server !== server) {
      this.#unwatch();
      scheduler.after(this.#io.delay(EVENT), 'Kurento lost', () => this.#lose(), this.#owner);
    } else if (this.#host.hangs) {
      // Its watchdog asks every 5 s, and waits as long.
      const notice = () => this.#host.hangs && this.#server === server && this.#lose();
      scheduler.after(scheduler.random.between(DEADLINE, 2 * DEADLINE), 'watchdog', notice, this.#owner);
    }
  }

  #lose(): void {
    this.#unwatch();
    if (!this.#server) return;
    if (this.#session) this.#server.leave(this.#session);
    this.#server = undefined;
    this.emit('lost');
    this.#reconnect();
  }

  #reconnect(): void {
    const { scheduler } = this.#io;
    const tryAgain = () => {
      const before = this.#session?.id;
      if (!this.#connect(before)) return this.#reconnect();
      const sameSession = before === undefined || this.resumed;
      if (!sameSession) {
        this.#session = undefined;
        this.#era += 1;
        this.#listeners.clear();
      }
      this.emit('reconnected', { sameSession });
    };
    scheduler.after(scheduler.random.between(100, RETRY), 'connect to Kurento', tryAgain, this.#owner);
  }

  #pipeline(id: string, call: Call): Pipeline {
    const listen = (endpoint: string, hear: (told: Told) => void) => void this.#listeners.set(endpoint, hear);
    return new SimulatedPipeline(id, call, listen);
  }

  /** For the objects of the present session. */
  #inEra(): Call {
    const era = this.#era;
    return (what, perform) => {
      if (!this.#server) return Promise.reject(new MediaServerError('unreachable', `${what}: not connected`));
      if (era !== this.#era) return Promise.reject(new MediaServerError('session-lost', `${what}: of a lost session`));
      return this.#call(what, perform);
    };
  }

  #call<T>(what: string, perform: (server: KurentoServer) => T): Promise<T> {
    const server = this.#server;
    if (!server) return Promise.reject(new MediaServerError('unreachable', `${what}: not connected`));
    this.#requests += 1;
    const { scheduler } = this.#io;
    return new Promise((resolve, reject) => {
      let settled = false;
      const settle = (how: () => void) => {
        if (!settled) how();
        settled = true;
      };
      const timeout = () => settle(() => reject(new MediaServerError('timeout', `${what}: no answer`)));
      const deadline = scheduler.after(DEADLINE, `${what} times out`, timeout, this.#owner);
      const unwatch = this.#host.watch(() => {
        if (this.#host.server !== server) {
          scheduler.after(
            1,
            'call broken',
            () => settle(() => reject(new MediaServerError('unreachable', `${what}: the connection broke`))),
            this.#owner,
          );
        }
      });
      const answered = (how: () => void) => {
        deadline.cancel();
        unwatch();
        settle(how);
      };
      const act = () => {
        if (this.#host.server !== server || this.#host.hangs) return undefined;
        return { value: perform(server) };
      };
      this.#io.call(`kurento ${what}`, CALL, act, this.#order).then(
        (done) => done && answered(() => resolve(done.value)),
        (error) => answered(() => reject(error)),
      );
    });
  }
}
