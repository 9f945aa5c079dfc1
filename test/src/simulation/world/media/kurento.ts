import type { Scheduler } from '../time/scheduler.ts';
import type { Direction, EndpointEvents, MediaKind } from './agent.ts';

/** What an endpoint says to the session that made it, while that listens. */
export type Told = {
  [Name in keyof EndpointEvents]: { name: Name; args: EndpointEvents[Name] };
}[keyof EndpointEvents];

export interface Session {
  readonly id: string;
  /** Hears of what happens to its endpoints; nobody does between two sockets. */
  tell: ((endpoint: string, told: Told) => void) | undefined;
  /** When its socket dropped. */
  leftAt: number | undefined;
}

export interface KurentoPipeline {
  readonly id: string;
  readonly session: Session;
  name: string;
  tags: Record<string, string>;
  readonly endpoints: Map<string, KurentoEndpoint>;
}

/** One WebRtcEndpoint. */
export class KurentoEndpoint {
  readonly id: string;
  readonly server: KurentoServer;
  readonly pipeline: KurentoPipeline;
  readonly sources = new Map<MediaKind, KurentoEndpoint>();
  name: string;
  direction: Direction;
  /** The ICE user fragment of the offer that it has answered. */
  remote: string | undefined;
  state: 'new' | 'connected' | 'closed' = 'new';
  flowing = false;
  released = false;

  constructor(server: KurentoServer, pipeline: KurentoPipeline, id: string, name: string, direction: Direction) {
    this.server = server;
    this.pipeline = pipeline;
    this.id = id;
    this.name = name;
    this.direction = direction;
  }

  /** Reachable by its peer. */
  get isThere(): boolean {
    return !this.released && this.server.isRunning;
  }

  tell(told: Told): void {
    if (this.isThere) this.pipeline.session.tell?.(this.id, told);
  }
}

/** A session's objects live that long after its socket has dropped. */
const SESSION_LIVES = 240_000;

/** One life of a Kurento process. */
export class KurentoServer {
  readonly id: string;
  readonly sessions = new Map<string, Session>();
  readonly pipelines = new Map<string, KurentoPipeline>();
  readonly #scheduler: Scheduler;
  /** Every endpoint that there is, by the ICE user fragment of its answer. */
  readonly #byFragment: Map<string, KurentoEndpoint>;
  #isRunning = true;
  #count = 0;
  #held = 0;

  constructor(id: string, scheduler: Scheduler, byFragment: Map<string, KurentoEndpoint>) {
    this.id = id;
    this.#scheduler = scheduler;
    this.#byFragment = byFragment;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Endpoints. */
  get count(): number {
    return this.#held;
  }

  get endpoints(): KurentoEndpoint[] {
    return [...this.pipelines.values()].flatMap((pipeline) => [...pipeline.endpoints.values()]);
  }

  end(): void {
    this.#isRunning = false;
    for (const { id } of this.endpoints) this.#byFragment.delete(id);
    this.pipelines.clear();
  }

  open(wanted: string | undefined): Session {
    const known = wanted === undefined ? undefined : this.sessions.get(wanted);
    const session = known ?? { id: `${this.id}-s${++this.#count}`, tell: undefined, leftAt: undefined };
    session.leftAt = undefined;
    this.sessions.set(session.id, session);
    return session;
  }

  /** Its socket has dropped. */
  leave(session: Session): void {
    session.tell = undefined;
    session.leftAt = this.#scheduler.now;
    this.#scheduler.after(SESSION_LIVES, 'session ends', () => this.#collect(session), this.#scheduler.world);
  }

  createPipeline(session: Session, name: string, tags: Record<string, string>): KurentoPipeline {
    const id = `${this.id}-p${++this.#count}`;
    const pipeline = { id, session, name, tags, endpoints: new Map() };
    this.pipelines.set(id, pipeline);
    return pipeline;
  }

  createEndpoint(pipeline: KurentoPipeline, name: string, direction: Direction): KurentoEndpoint {
    const id = `${pipeline.id}-e${++this.#count}`;
    const endpoint = new KurentoEndpoint(this, pipeline, id, name, direction);
    pipeline.endpoints.set(id, endpoint);
    this.#byFragment.set(id, endpoint);
    this.#held += 1;
    return endpoint;
  }

  releasePipeline(id: string): void {
    const pipeline = this.pipelines.get(id);
    for (const endpoint of [...(pipeline?.endpoints.values() ?? [])]) this.releaseEndpoint(endpoint);
    this.pipelines.delete(id);
  }

  releaseEndpoint(endpoint: KurentoEndpoint): void {
    endpoint.released = true;
    this.#held -= 1;
    this.#byFragment.delete(endpoint.id);
    endpoint.pipeline.endpoints.delete(endpoint.id);
    for (const other of endpoint.pipeline.endpoints.values()) {
      for (const [kind, source] of other.sources) if (source === endpoint) other.sources.delete(kind);
    }
  }

  #collect(session: Session): void {
    const isOver = session.leftAt !== undefined && this.#scheduler.now - session.leftAt >= SESSION_LIVES;
    if (!this.#isRunning || !isOver) return;
    this.sessions.delete(session.id);
    for (const pipeline of [...this.pipelines.values()]) {
      if (pipeline.session === session) this.releasePipeline(pipeline.id);
    }
  }
}
