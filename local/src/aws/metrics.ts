import type { AlarmReport, Series } from './metrics-cloudwatch.ts';

/** What was counted, for the whole emulator or for what one connection caused. */
export interface Counters {
  /** Messages from clients. */
  messagesUp: number;
  bytesUp: number;
  /** Messages to clients: posts, and the gateway's own error frames. */
  messagesDown: number;
  bytesDown: number;
  /** By function. */
  invocations: Record<string, number>;
  coldStarts: number;
  /** Items read from and written to DynamoDB; a query is one read. */
  reads: number;
  writes: number;
  /** DynamoDB requests by operation. */
  operations: Record<string, number>;
  /** DynamoDB requests of functions in sequence: those that overlap within one invocation are one round trip. */
  roundTrips: number;
  /** Calls of `PostToConnection`, and those among them that found the connection gone. */
  posts: number;
  postsGone: number;
}

export interface PostRecord {
  readonly connectionId: string;
  readonly bytes: number;
  readonly status: number;
}

export interface InvocationRecord {
  readonly function: string;
  /** Absent if no client's connection was behind it. */
  readonly connectionId?: string;
  /** The route of an API, or the detail type of an event. */
  readonly routeKey: string;
  readonly startedAt: number;
  durationMs: number;
  cold: boolean;
  /** Absent if the function returned. */
  error?: string;
  reads: number;
  writes: number;
  roundTrips: number;
  readonly posts: PostRecord[];
}

/** The body of `GET /_hyperroom/metrics`. */
export interface Metrics {
  readonly total: Counters;
  /** What each connection sent, received and caused, those closed lately included. */
  readonly connections: Readonly<Record<string, Counters>>;
  readonly openConnections: readonly string[];
  /** The last invocations that ended, oldest first. */
  readonly journal: readonly InvocationRecord[];
  /** Items in all tables. */
  readonly items: number;
  /** What CloudWatch would have of the functions, and the alarms of the stack upon it. */
  readonly series: readonly Series[];
  readonly alarms: readonly AlarmReport[];
}

export interface DatabaseAccess {
  readonly operation: string;
  readonly reads: number;
  readonly writes: number;
}

const journalLength = 1000;
const rememberedConnections = 10_000;

/** Counts, and attributes what is counted to connections and invocations. */
export class Meter {
  readonly #total: Counters = zero();
  readonly #connections = new Map<string, Counters>();
  readonly #journal: InvocationRecord[] = [];
  readonly #onInvocation: (invocation: InvocationRecord) => void;

  /** Calls back for each invocation when it has ended. */
  constructor(onInvocation: (invocation: InvocationRecord) => void = () => {}) {
    this.#onInvocation = onInvocation;
  }

  /** As it is now: what happens later does not change it. */
  snapshot(): Pick<Metrics, 'total' | 'connections' | 'journal'> {
    return structuredClone({
      total: this.#total,
      connections: Object.fromEntries(this.#connections),
      journal: this.#journal,
    });
  }

  messageUp(connectionId: string, bytes: number): void {
    this.count(connectionId, (counters) => {
      counters.messagesUp += 1;
      counters.bytesUp += bytes;
    });
  }

  messageDown(connectionId: string, bytes: number): void {
    this.count(connectionId, (counters) => {
      counters.messagesDown += 1;
      counters.bytesDown += bytes;
    });
  }

  databaseAccess(causedBy: string | undefined, { operation, reads, writes }: DatabaseAccess): void {
    this.count(causedBy, (counters) => {
      counters.reads += reads;
      counters.writes += writes;
      counters.operations[operation] = (counters.operations[operation] ?? 0) + 1;
    });
  }

  posted(causedBy: string | undefined, { status }: PostRecord): void {
    this.count(causedBy, (counters) => {
      counters.posts += 1;
      if (status === 410) counters.postsGone += 1;
    });
  }

  begin(cause: Pick<InvocationRecord, 'function' | 'connectionId' | 'routeKey'>): MeteredInvocation {
    this.count(cause.connectionId, ({ invocations }) => {
      invocations[cause.function] = (invocations[cause.function] ?? 0) + 1;
    });
    return new MeteredInvocation(this, {
      ...cause,
      startedAt: Date.now(),
      durationMs: 0,
      cold: false,
      reads: 0,
      writes: 0,
      roundTrips: 0,
      posts: [],
    });
  }

  record(invocation: InvocationRecord): void {
    this.#journal.push(invocation);
    if (this.#journal.length > journalLength) this.#journal.shift();
    this.#onInvocation(invocation);
  }

  /** Without a connection id only the total is counted. */
  count(connectionId: string | undefined, change: (counters: Counters) => void): void {
    change(this.#total);
    if (connectionId !== undefined) change(this.#of(connectionId));
  }

  #of(connectionId: string): Counters {
    const known = this.#connections.get(connectionId);
    if (known !== undefined) return known;
    const counters = zero();
    this.#connections.set(connectionId, counters);
    const [oldest] = this.#connections.keys();
    if (this.#connections.size > rememberedConnections && oldest !== undefined) this.#connections.delete(oldest);
    return counters;
  }
}

/** One invocation while it runs, to which the calls its sandbox makes are attributed. */
export class MeteredInvocation {
  readonly #meter: Meter;
  readonly #record: InvocationRecord;
  readonly #startedAt = performance.now();

  constructor(meter: Meter, record: InvocationRecord) {
    this.#meter = meter;
    this.#record = record;
  }

  /** The sandbox that runs it was started for it. */
  coldStart(): void {
    this.#record.cold = true;
    this.#meter.count(this.#record.connectionId, (counters) => {
      counters.coldStarts += 1;
    });
  }

  roundTrip(): void {
    this.#record.roundTrips += 1;
    this.#meter.count(this.#record.connectionId, (counters) => {
      counters.roundTrips += 1;
    });
  }

  databaseAccess(access: DatabaseAccess): void {
    this.#record.reads += access.reads;
    this.#record.writes += access.writes;
    this.#meter.databaseAccess(this.#record.connectionId, access);
  }

  get isCold(): boolean {
    return this.#record.cold;
  }

  posted(post: PostRecord): void {
    this.#record.posts.push(post);
    this.#meter.posted(this.#record.connectionId, post);
  }

  end(error?: string): void {
    this.#record.durationMs = performance.now() - this.#startedAt;
    if (error !== undefined) this.#record.error = error;
    this.#meter.record(this.#record);
  }
}

function zero(): Counters {
  return {
    messagesUp: 0,
    bytesUp: 0,
    messagesDown: 0,
    bytesDown: 0,
    invocations: {},
    coldStarts: 0,
    reads: 0,
    writes: 0,
    operations: {},
    roundTrips: 0,
    posts: 0,
    postsGone: 0,
  };
}
