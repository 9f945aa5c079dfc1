import { EventEmitter } from 'node:events';
import {
  type AnnounceBody,
  type DomainAddresses,
  HEARTBEAT_INTERVAL,
  MediaCommand,
  type Message,
  type NodeReport,
  type NodeStatus,
  parseFrame,
  type RegisterBody,
  ResponseBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { fromStatus, LinkError } from './link-error.ts';
import { type Log, reasonOf } from './log.ts';
import type { OpenSocket, Socket } from './socket.ts';
import { delay } from './timers.ts';

export interface LinkTimings {
  heartbeatMs: number;
  /** How long a request waits for its response. */
  deadlineMs: number;
  /** The first delay before another attempt to connect, and the longest. */
  retryMs: number;
  maxRetryMs: number;
}

const TIMINGS: LinkTimings = { heartbeatMs: HEARTBEAT_INTERVAL, deadlineMs: 5_000, retryMs: 250, maxRetryMs: 5_000 };

export interface LinkOptions {
  /** The WebSocket API. */
  url: string;
  openSocket: OpenSocket;
  /** Read for each connection: a token file may have been renewed. */
  token: () => Promise<string>;
  addresses: DomainAddresses;
  /** The node's hyperty. */
  hyperty: string;
  status: () => NodeStatus;
  log: Log;
  timings?: Partial<LinkTimings>;
}

export type LinkEvents = {
  /** The conference knows this node, now or again. */
  registered: [];
  lost: [];
  /** The conference has answered: the link works. */
  heartbeat: [];
  command: [command: MediaCommand];
};

type Settle = (result: LinkError | ResponseBody) => void;

/** The node's connection to signalling: outbound, and set up again whenever it breaks. */
export class SignallingLink extends EventEmitter<LinkEvents> {
  readonly #options: LinkOptions;
  readonly #timings: LinkTimings;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, Settle>();
  #socket: Socket | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  #attempts = 0;
  #requests = 0;
  #registered = false;

  constructor(options: LinkOptions) {
    super();
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
  }

  get isRegistered(): boolean {
    return this.#registered;
  }

  /** Resolves once registered, however long the API is out of reach; rejects if it refuses this node. */
  async start(): Promise<void> {
    await this.#connectAtLast((error) => error instanceof LinkError && error.code === 'refused');
  }

  report(report: NodeReport): Promise<ResponseBody> {
    return this.#request('update', this.#options.addresses.media, report);
  }

  /** Unregisters, so that no room is placed here any more, and hangs up. */
  async close(): Promise<void> {
    this.#closing.abort();
    // A heartbeat behind the farewell would tell the conference that this node is there.
    clearInterval(this.#heartbeat);
    const { addresses, hyperty } = this.#options;
    if (this.#registered) {
      await this.#request('update', addresses.registry, {
        resource: hyperty,
        value: 'disconnected',
        attribute: 'status',
      }).catch((error) => this.#options.log.warn('not unregistered', { reason: reasonOf(error) }));
    }
    this.#socket?.close();
    this.#drop('the link was closed');
  }

  async #connectAtLast(isFatal: (error: unknown) => boolean): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      try {
        return await this.#connect();
      } catch (error) {
        if (signal.aborted || isFatal(error)) throw error;
        this.#options.log.warn('signalling out of reach', { reason: reasonOf(error) });
        await delay(this.#nextDelay(), signal);
      }
    }
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    try {
      await delay(this.#nextDelay(), signal);
      await this.#connectAtLast(() => false);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #connect(): Promise<void> {
    const url = new URL(this.#options.url);
    url.searchParams.set('token', await this.#options.token());
    this.#closing.signal.throwIfAborted();
    const socket = this.#options.openSocket(url.href);
    this.#socket = socket;
    socket.on('message', (text) => this.#receive(text));
    socket.on('error', (error) => this.#options.log.warn('signalling socket failed', { reason: error.message }));
    try {
      await opened(socket);
      socket.once('close', (code) => this.#lose(socket, code));
      await this.#register();
    } catch (error) {
      socket.terminate();
      throw error;
    }
  }

  async #register(): Promise<void> {
    const { addresses, hyperty, status } = this.#options;
    const registration: v.InferInput<typeof RegisterBody> = {
      value: {
        url: hyperty,
        descriptor: 'media-node',
        resources: ['audio', 'video'],
        dataSchemes: ['connection'],
      },
    };
    const announcement: v.InferInput<typeof AnnounceBody> = { value: status() };
    const register = this.#message('create', addresses.registry, registration);
    const announce = this.#message('create', addresses.media, announcement);
    const responses = Promise.all([register, announce].map((message) => this.#response(message)));
    this.#send([register, announce]);
    for (const { code, description } of await responses) {
      if (code >= 300) throw fromStatus(code, `${code} ${description ?? ''}`);
    }
    this.#attempts = 0;
    this.#registered = true;
    this.#heartbeat = setInterval(() => void this.#beat(), this.#timings.heartbeatMs);
    this.emit('registered');
  }

  /** An unanswered heartbeat shows a socket that is dead without having been closed. */
  async #beat(): Promise<void> {
    const socket = this.#socket;
    try {
      await this.report({ report: 'heartbeat', value: this.#options.status(), witness: false });
      this.emit('heartbeat');
    } catch (error) {
      this.#options.log.warn('heartbeat unanswered', { reason: reasonOf(error) });
      if (socket === this.#socket) socket?.terminate();
    }
  }

  #lose(socket: Socket, code: number): void {
    if (socket !== this.#socket || this.#closing.signal.aborted) return;
    const wasRegistered = this.#registered;
    this.#drop(`the connection broke (${code})`);
    // Before registration the attempt itself fails, and whoever made it tries again.
    if (!wasRegistered) return;
    this.#options.log.warn('signalling lost', { code });
    this.emit('lost');
    void this.#reconnect();
  }

  /** Doubles, with full jitter: nodes that lost the same API do not come back all at once. */
  #nextDelay(): number {
    const { retryMs, maxRetryMs } = this.#timings;
    const longest = Math.min(maxRetryMs, retryMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.random() * longest;
  }

  #drop(why: string): void {
    this.#registered = false;
    this.#socket = null;
    clearInterval(this.#heartbeat);
    for (const settle of [...this.#waiting.values()]) settle(new LinkError('down', why));
  }

  #message(type: Message['type'], to: string, body: Record<string, unknown>): Message {
    this.#requests += 1;
    return { id: `node-${this.#requests}`, type, from: this.#options.hyperty, to, body };
  }

  #request(type: Message['type'], to: string, body: Record<string, unknown>): Promise<ResponseBody> {
    const message = this.#message(type, to, body);
    const response = this.#response(message);
    this.#send(message);
    return response;
  }

  #response({ id, to }: Message): Promise<ResponseBody> {
    const key = String(id);
    return new Promise((resolve, reject) => {
      const settle: Settle = (result) => {
        clearTimeout(deadline);
        this.#waiting.delete(key);
        if (result instanceof LinkError) reject(result);
        else resolve(result);
      };
      const deadline = setTimeout(
        () => settle(new LinkError('timeout', `no response from ${to}`)),
        this.#timings.deadlineMs,
      );
      this.#waiting.set(key, settle);
      if (!this.#socket?.isOpen) settle(new LinkError('down', 'not connected'));
    });
  }

  #send(frame: Message | Message[]): void {
    if (this.#socket?.isOpen) this.#socket.send(JSON.stringify(frame));
  }

  #receive(text: string): void {
    for (const parsed of parseFrame(text)) {
      if (parsed.ok) this.#take(parsed.message);
      else this.#options.log.warn('unreadable message', { reason: parsed.error.body?.description });
    }
  }

  #take(message: Message): void {
    const { log, addresses, hyperty } = this.#options;
    if (message.type === 'response') {
      const body = v.safeParse(ResponseBody, message.body);
      if (body.success) this.#waiting.get(String(message.id))?.(body.output);
      return;
    }
    const isCommand = message.type === 'execute' && message.from === addresses.conference && message.to === hyperty;
    if (!isCommand) {
      log.warn('unexpected message', { type: message.type, from: message.from, to: message.to });
      return;
    }
    const command = v.safeParse(MediaCommand, message.body);
    if (command.success) this.emit('command', command.output);
    else log.error('unreadable command', { issue: command.issues[0].message, path: v.getDotPath(command.issues[0]) });
  }
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('close', (code) => reject(new LinkError('down', `the connection broke (${code})`)));
  });
}
