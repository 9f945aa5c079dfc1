import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import KurentoClient, {
  type MediaObject,
  type MediaPipeline,
  type ServerInfo,
  type ServerManager,
} from 'kurento-client';
import type { WebSocket } from 'ws';
import { type Call, Calls } from './calls.ts';
import { request } from './media-object.ts';
import type { MediaEvents, MediaPort, MediaSession, PipelineInfo, PipelineOptions } from './media-port.ts';
import { MediaServerError } from './media-server-error.ts';
import { KurentoPipeline } from './pipeline.ts';
import { nextRequestNumber, numberRequestsFrom } from './request-numbers.ts';

export interface Log {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
}

export interface MediaServerOptions {
  log?: Log;
  /** How long one call may take, and how long the server may be silent before it is asked whether it lives. */
  deadlineMs?: number;
  /** Goes on with a session of another process, where Kurento still knows it. */
  session?: MediaSession;
  /** Gives up connecting; without it, connecting retries for ever. */
  signal?: AbortSignal;
}

const SILENT: Log = { info: () => {}, warn: () => {} };
const MANAGER = 'manager_ServerManager';
const OBJECT_NOT_FOUND = 40101;

/** How many requests another process may have sent since its session was recorded: more than Kurento answers in a minute. */
const UNRECORDED_REQUESTS = 100_000;

/**
 * Kurento leaves Nagle on: what it sends waits for the ACK of what it sent before, which the kernel delays by 40 ms
 * unless something goes the other way. An unsolicited pong does, and asks for no answer (RFC 6455, 5.5.3).
 */
function acknowledge(socket: WebSocket): void {
  if (socket.readyState === socket.OPEN) socket.pong();
}

/**
 * One Kurento Media Server, over one kurento-client (its ping state is module-global: one client a process).
 *
 * The client reconnects by itself. Each socket must then prove itself: it counts as connected once the session is
 * resumed and a whole call went through, and is dropped as soon as a periodic one does not. Calls made in between are
 * refused at once, since the client would send them late, after the reconnection.
 */
export class MediaServer extends EventEmitter<MediaEvents> implements MediaPort {
  readonly #client: KurentoClient;
  readonly #calls: Calls;
  readonly #deadlineMs: number;
  readonly #log: Log;
  /** Described once, without a session: to ask a restarted server for anything would make it know the old session. */
  #sender: ServerManager | undefined;
  /** Known while the server is reachable. */
  #manager: ServerManager | undefined;
  /** Another process's session, until it is clear whether Kurento still knows it. */
  #inheritance: MediaSession | undefined;
  #hasConnected = false;
  #resumed = false;
  #sessionNumber = 0;

  /** Waits until the server answers, however often it must try. */
  static async connect(url: string, options: MediaServerOptions = {}): Promise<MediaServer> {
    const { signal } = options;
    signal?.throwIfAborted();
    const server = new MediaServer(url, options);
    try {
      await once(server, 'connected', signal && { signal });
      return server;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  private constructor(url: string, { log = SILENT, deadlineMs = 5000, session }: MediaServerOptions) {
    super();
    this.#log = log;
    this.#deadlineMs = deadlineMs;
    this.#calls = new Calls(deadlineMs);
    this.#inheritance = session;
    numberRequestsFrom(session ? session.nextRequest + UNRECORDED_REQUESTS : 0);
    this.#client = new KurentoClient(url, {
      // Strict mode would check the server's modules through promises that never reject.
      strict: false,
      request_timeout: deadlineMs,
      // As long is each answered call remembered, by a timer of its own.
      duplicates_timeout: deadlineMs,
      socket: { handshakeTimeout: deadlineMs, perMessageDeflate: false },
    });
    // The client's own resumption reports only success and an unknown session, and logs to the console: see #resume.
    this.#client._re.removeAllListeners('reconnect');
    this.#client._re.on('connection', (socket) => void this.#serve(socket));
    this.#client._re.on('disconnect', (failure) => this.#drop(failure));
  }

  get session(): MediaSession | undefined {
    const id = this.#client.sessionId;
    return id === undefined ? undefined : { id, nextRequest: nextRequestNumber() };
  }

  get resumed(): boolean {
    return this.#resumed;
  }

  info(): Promise<ServerInfo> {
    return this.#invoke(MANAGER, 'getInfo');
  }

  async createPipeline({ name, tags = {} }: PipelineOptions): Promise<KurentoPipeline> {
    const call = this.#callInSession();
    const { media } = await call<{ media: MediaPipeline }>('create MediaPipeline', (answer) =>
      this.#client.create('MediaPipeline', (error, media) => answer(error, { media })),
    );
    await call('setName', (answer) => media.setName(name, answer));
    for (const [key, value] of Object.entries(tags)) {
      await call('addTag', (answer) => media.addTag(key, value, answer));
    }
    return this.#pipeline(media, call);
  }

  async adoptPipeline(id: string): Promise<KurentoPipeline> {
    const call = this.#callInSession();
    const { media } = await this.#find<MediaPipeline>(call, id);
    return this.#pipeline(media, call);
  }

  async pipelines(except: ReadonlySet<string> = new Set()): Promise<PipelineInfo[]> {
    const found: PipelineInfo[] = [];
    for (const id of await this.#invoke<string[]>(MANAGER, 'getPipelines')) {
      if (except.has(id)) continue;
      try {
        const name = await this.#invoke<string>(id, 'getName');
        const tags = await this.#invoke<{ key: string; value: string }[]>(id, 'getTags');
        found.push({ id, name, tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) });
      } catch (error) {
        const vanished = error instanceof MediaServerError && error.kurentoCode === OBJECT_NOT_FOUND;
        if (!vanished) throw error;
      }
    }
    return found;
  }

  async releasePipeline(id: string): Promise<void> {
    await this.#request('release', 'release', { object: id });
  }

  close(): void {
    this.#manager = undefined;
    this.#calls.failAll(new MediaServerError('unreachable', 'the connection was closed'));
    this.#client.close();
    // The client itself would first wait for its last call, and without a connection for ever.
    this.#client._re.disconnect();
  }

  #pipeline(media: MediaPipeline, call: Call): KurentoPipeline {
    return new KurentoPipeline(media, call, (id) => this.#find(call, id));
  }

  #find<M extends MediaObject>(call: Call, id: string): Promise<{ media: M }> {
    return call('describe', (answer) =>
      this.#client.getMediaobjectById(id, (error, media) => answer(error, { media: media as M })),
    );
  }

  /** One socket from its opening until it drops. */
  async #serve(socket: WebSocket): Promise<void> {
    socket.on('message', () => acknowledge(socket));
    try {
      this.#sender ??= await this.#calls.run<ServerManager>('describe', (answer) =>
        this.#client.getServerManager(answer),
      );
      const manager = this.#sender;
      const sameSession = this.#hasConnected ? await this.#resume(manager) : await this.#inherit(manager);
      await this.#probe(manager);
      this.#rise(manager, sameSession);
      await this.#watch(socket, manager);
    } catch (error) {
      if (!(error instanceof MediaServerError)) throw error;
      if (socket.readyState === socket.OPEN) this.#log.warn('Kurento does not answer', { reason: error.message });
      socket.terminate();
    }
  }

  /** Kurento knows a session until long after its socket dropped, but not beyond a restart of its own. */
  async #resume(manager: ServerManager): Promise<boolean> {
    try {
      await this.#calls.run('connect', request(manager, 'connect'));
      return true;
    } catch (error) {
      if (!(error instanceof MediaServerError && error.code === 'session-lost')) throw error;
      this.#client._resetCache();
      return false;
    }
  }

  /** From here on it is the other process, if Kurento still knows that. */
  async #inherit(manager: ServerManager): Promise<boolean> {
    if (!this.#inheritance) return true;
    const own = this.#client.sessionId;
    this.#speakAs(this.#inheritance.id);
    this.#resumed = await this.#resume(manager);
    if (!this.#resumed) this.#speakAs(own);
    this.#inheritance = undefined;
    return true;
  }

  #speakAs(sessionId: string | undefined): void {
    Object.defineProperty(this.#client, 'sessionId', { configurable: true, value: sessionId });
  }

  async #watch(socket: WebSocket, manager: ServerManager): Promise<void> {
    await delay(this.#deadlineMs, undefined, { ref: false });
    while (socket.readyState === socket.OPEN) {
      await this.#probe(manager);
      await delay(this.#deadlineMs, undefined, { ref: false });
    }
  }

  async #probe(manager: ServerManager): Promise<void> {
    await this.#calls.run('getInfo', request(manager, 'invoke', { object: MANAGER, operation: 'getInfo' }));
  }

  #rise(manager: ServerManager, sameSession: boolean): void {
    if (!sameSession) this.#sessionNumber += 1;
    this.#manager = manager;
    this.#log.info('Kurento connected', { session: this.session?.id, sameSession });
    if (this.#hasConnected) {
      this.emit('reconnected', { sameSession });
    } else {
      this.#hasConnected = true;
      this.emit('connected');
    }
  }

  #drop(failure: Error | undefined): void {
    this.#calls.failAll(new MediaServerError('unreachable', 'the connection broke', { cause: failure }));
    if (!this.#manager) return;
    this.#manager = undefined;
    this.#log.warn('Kurento lost', { reason: failure?.message ?? 'the socket closed' });
    this.emit('lost');
  }

  /** For the objects of the present session; they do not outlive it. */
  #callInSession(): Call {
    const session = this.#sessionNumber;
    return async (name, send, signal) => {
      if (!this.#manager) throw new MediaServerError('unreachable', `${name}: not connected`);
      if (session !== this.#sessionNumber) throw new MediaServerError('session-lost', `${name}: of a lost session`);
      return this.#calls.run(name, send, signal);
    };
  }

  async #request<T>(name: string, method: string, params: { object: string; operation?: string }): Promise<T> {
    if (!this.#manager) throw new MediaServerError('unreachable', `${name}: not connected`);
    return this.#calls.run<T>(name, request(this.#manager, method, params));
  }

  #invoke<T>(object: string, operation: string): Promise<T> {
    return this.#request(operation, 'invoke', { object, operation });
  }
}
