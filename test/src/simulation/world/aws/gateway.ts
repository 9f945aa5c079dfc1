import { digest } from '../digest.ts';
import type { Io, Span } from '../io.ts';
import { type Network, Stream } from '../network.ts';
import type { Process } from '../time/process.ts';
import type { AuthorizerContext } from './product.ts';

/** One invocation's event. */
export interface Invocation {
  readonly requestContext: {
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly authorizer: AuthorizerContext;
  };
  readonly body?: string;
}

/** Where API Gateway's events go. */
export interface Routes {
  message(event: Invocation): void;
  disconnect(event: Invocation): void;
}

/** The client's end of a WebSocket. */
export interface ClientEnd {
  opened(): void;
  received(text: string): void;
  closed(code: number): void;
}

/** What a client does with its end. */
export interface Dialled {
  send(text: string): void;
  /** Without `farewell` the other side is not told in so many words, but its end of TCP notices. */
  close(): void;
}

export interface Host {
  readonly process: Process;
  readonly network: Network;
}

const TRAVEL: Span = [5, 40];
const HANDSHAKE: Span = [30, 120];
/** A dead network gives no answer; that long a client waits for one. */
const NO_ANSWER = 10_000;
/** API Gateway's limits. */
export const LONGEST = 2 * 3_600_000;
const IDLE = 10 * 60_000;

const REFUSED = 1006;
const NORMAL = 1000;
const GOING_AWAY = 1001;

interface Connection {
  readonly id: string;
  readonly context: AuthorizerContext;
  readonly connectedAt: number;
  readonly openedAt: number;
  readonly toClient: Stream;
  readonly client: ClientEnd;
  readonly host: Host;
  isOpen: boolean;
  usedAt: number;
}

/** API Gateway's WebSocket API: as unordered, forgetful and limited as the real one. */
export class SimulatedGateway {
  /** What becomes of frames on their way, in a simulation of a defect; undefined: it is lost. */
  rewriteUp: (frame: string) => string | undefined = (frame) => frame;
  rewriteDown: (frame: string, to: string) => string | undefined = (frame) => frame;
  /** How long a connection may last. */
  longest = LONGEST;
  readonly #io: Io;
  readonly #routes: Routes;
  readonly #authorize: (token: string) => AuthorizerContext | undefined;
  readonly #connections = new Map<string, Connection>();
  readonly #ended: (connectionId: string) => void;
  #count = 0;

  constructor(
    io: Io,
    routes: Routes,
    authorize: (token: string) => AuthorizerContext | undefined,
    ended: (connectionId: string) => void,
  ) {
    this.#ended = ended;
    this.#io = io;
    this.#routes = routes;
    this.#authorize = authorize;
  }

  /** Those it believes open. */
  get connections(): { readonly id: string; readonly owner: Process }[] {
    return [...this.#connections.values()]
      .filter(({ isOpen }) => isOpen)
      .map(({ id, host }) => ({ id, owner: host.process }));
  }

  dial(url: string, host: Host, client: ClientEnd): Dialled {
    const { scheduler } = this.#io;
    let connection: Connection | undefined;
    let isClosed = false;
    let isLeaving = false;
    const told = (what: string, tell: () => void) => scheduler.after(0, what, tell, host.process);
    const end = (code: number) => {
      if (isClosed) return;
      isClosed = true;
      told(`socket closed ${code}`, () => client.closed(code));
    };
    const toGateway = new Stream(this.#io, host.network, TRAVEL, () => {
      if (connection) this.#drop(connection, 'reset');
      end(REFUSED);
    });
    const arrived = () => {
      if (isClosed || isLeaving || !host.process.alive) return;
      const context = this.#authorize(new URL(url).searchParams.get('token') ?? '');
      if (!context || scheduler.random.chance(this.#io.weather.gatewayThrottled)) return end(REFUSED);
      connection = this.#opened(context, host, { ...client, closed: end });
      told('socket open', () => !isClosed && client.opened());
    };
    const dial = () => scheduler.after(this.#io.delay(HANDSHAKE), 'dial', arrived, scheduler.world);
    if (host.network.isUp) dial();
    else scheduler.after(NO_ANSWER, 'no answer', () => end(REFUSED), host.process);
    host.process.whenKilled(() => {
      isClosed = true;
      toGateway.send('FIN', () => connection && this.#drop(connection, 'client died'));
    });
    return {
      send: (text) => {
        if (isClosed || !connection) return;
        const to = connection;
        toGateway.send(`→ ${to.id} ${digest(text)}`, () => this.#received(to, text));
      },
      close: () => {
        if (isClosed || isLeaving) return;
        isLeaving = true;
        toGateway.send('close', () => connection && this.#drop(connection, 'closed'));
        // Without a network the other side cannot say that it has heard, and the client does not wait for ever.
        scheduler.after(this.#io.delay(TRAVEL), 'closing', () => end(NORMAL), host.process);
      },
    };
  }

  /** Throws when it is too much. False: that connection is gone. */
  post(id: string, text: string): boolean {
    const connection = this.#connections.get(id);
    if (!connection?.isOpen) return false;
    connection.usedAt = this.#io.scheduler.now;
    this.#deliver(connection, text);
    if (this.#io.scheduler.random.chance(this.#io.weather.doubledPost)) this.#deliver(connection, text);
    return true;
  }

  isOpen(id: string): boolean {
    return this.#connections.get(id)?.isOpen ?? false;
  }

  /** Open, and its client has had a network for as long as anybody may be asked for a sign of life. */
  isFine(id: string): boolean {
    const connection = this.#connections.get(id);
    if (!connection?.isOpen) return false;
    const { process, network } = connection.host;
    return process.alive && network.isSteady;
  }

  /** Open, and over the very network that its client has. */
  isFresh(id: string): boolean {
    const connection = this.#connections.get(id);
    if (!connection?.isOpen) return false;
    const { process, network } = connection.host;
    return process.alive && network.isUp && connection.openedAt >= network.upSince;
  }

  close(id: string): boolean {
    const connection = this.#connections.get(id);
    if (!connection?.isOpen) return false;
    this.#hangUp(connection);
    return true;
  }

  /** The service itself loses one, or all. */
  break(id: string): void {
    this.close(id);
  }

  #opened(context: AuthorizerContext, host: Host, client: ClientEnd): Connection {
    const id = `c${++this.#count}=`;
    const connection: Connection = {
      id,
      context,
      connectedAt: Date.now(),
      openedAt: this.#io.scheduler.now,
      toClient: new Stream(this.#io, host.network, TRAVEL, () => {
        this.#drop(connection, 'reset');
        client.closed(REFUSED);
      }),
      client,
      host,
      isOpen: true,
      usedAt: this.#io.scheduler.now,
    };
    this.#connections.set(id, connection);
    this.#limit(connection, this.longest, () => this.#hangUp(connection));
    this.#watchIdle(connection);
    return connection;
  }

  #received(connection: Connection, frame: string): void {
    const body = this.rewriteUp(frame);
    if (!connection.isOpen || body === undefined) return;
    connection.usedAt = this.#io.scheduler.now;
    this.#routes.message({ requestContext: contextOf(connection), body });
  }

  #deliver({ id, toClient, client, host }: Connection, frame: string): void {
    const { scheduler } = this.#io;
    const text = this.rewriteDown(frame, id);
    if (text === undefined) return;
    toClient.send(`⇢ ${id} ${digest(text)}`, () =>
      scheduler.after(0, `← ${id}`, () => client.received(text), host.process),
    );
  }

  #hangUp(connection: Connection): void {
    this.#drop(connection, 'hung up');
    connection.toClient.send('close', () => connection.client.closed(GOING_AWAY));
  }

  #drop(connection: Connection, why: string): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    this.#ended(connection.id);
    const { scheduler, weather } = this.#io;
    scheduler.note(`${connection.id} ${why}`);
    if (scheduler.random.chance(weather.lostDisconnect)) return;
    const late = scheduler.random.chance(weather.lateDisconnect) ? scheduler.random.between(1_000, 60_000) : 0;
    const tell = () => this.#routes.disconnect({ requestContext: contextOf(connection) });
    scheduler.after(late + this.#io.delay([20, 400]), `$disconnect ${connection.id}`, tell, scheduler.world);
  }

  #limit(connection: Connection, ms: number, reached: () => void): void {
    const { scheduler } = this.#io;
    scheduler.after(ms, 'limit', () => connection.isOpen && reached(), scheduler.world);
  }

  #watchIdle(connection: Connection): void {
    const left = connection.usedAt + IDLE - this.#io.scheduler.now;
    if (left <= 0) this.#hangUp(connection);
    else this.#limit(connection, left, () => this.#watchIdle(connection));
  }
}

function contextOf({ id, connectedAt, context }: Connection): Invocation['requestContext'] {
  return { connectionId: id, connectedAt, authorizer: context };
}
