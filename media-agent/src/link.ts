import { EventEmitter } from 'node:events';
import {
  type AnnounceBody,
  Code,
  type DomainAddresses,
  HEARTBEAT_INTERVAL,
  MediaCommand,
  type Message,
  type NodeReport,
  type NodeStatus,
  type RegisterBody,
  type ResponseBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import type { Counts } from './counts.ts';
import { fromStatus, LinkError } from './link-error.ts';
import { LinkSocket } from './link-socket.ts';
import { type Log, reasonOf } from './log.ts';
import { Punctuality } from './punctuality.ts';
import type { OpenSocket } from './socket.ts';
import { delay } from './timers.ts';

export interface LinkTimings {
  heartbeatMs: number;
  /** How long a request waits for its response. */
  deadlineMs: number;
  /** The first delay before another attempt to connect, and the longest. */
  retryMs: number;
  maxRetryMs: number;
  /** A socket's life: API Gateway ends each after two hours, so another takes over well before. */
  rolloverMs: number;
  /** How long the one before is still read: commands may be on their way to it. */
  overlapMs: number;
}

const MINUTE = 60_000;

const TIMINGS: LinkTimings = {
  heartbeatMs: HEARTBEAT_INTERVAL,
  deadlineMs: 5_000,
  retryMs: 250,
  maxRetryMs: 5_000,
  rolloverMs: 100 * MINUTE,
  overlapMs: 15_000,
};

/** Of a socket's life: nodes that started together do not all roll over together. */
const ROLLOVER_JITTER = 0.1;

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
  counts: Counts;
  /** Whether the node's rooms, if it has any, have lost what an earlier process held of them. */
  isEmpty: () => boolean;
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
  /** To something that the node has asked for otherwise than over this link. */
  response: [response: Message];
};

/** The node's connection to signalling: outbound, set up again whenever it breaks, and before it grows too old. */
export class SignallingLink extends EventEmitter<LinkEvents> {
  readonly #options: LinkOptions;
  readonly #timings: LinkTimings;
  readonly #closing = new AbortController();
  readonly #sockets = new Set<LinkSocket>();
  readonly #punctuality: Punctuality;
  /** The one that it is registered over. */
  #current: LinkSocket | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  #rollover: NodeJS.Timeout | undefined;
  #connecting = false;
  #attempts = 0;
  #requests = 0;

  constructor(options: LinkOptions) {
    super();
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#punctuality = new Punctuality(this.#timings.heartbeatMs);
  }

  get isRegistered(): boolean {
    return this.#current !== null;
  }

  /** Resolves once registered, however long the API is out of reach; rejects if it refuses this node. */
  async start(): Promise<void> {
    await this.#connectAtLast((error) => error instanceof LinkError && error.code === 'refused');
  }

  /** There is news of what the node can take. */
  async announce(): Promise<void> {
    await this.#request('create', this.#options.addresses.media, this.#announcement);
  }

  async report(report: NodeReport): Promise<ResponseBody> {
    return this.#request('update', this.#options.addresses.media, report);
  }

  /** Unregisters, so that no room is placed here any more, and hangs up. */
  async close(): Promise<void> {
    const { addresses, hyperty } = this.#options;
    // A heartbeat behind the farewell would tell the conference that this node is there.
    this.#rest();
    if (this.#current) {
      const farewell = { resource: hyperty, value: 'disconnected', attribute: 'status' };
      await this.#request('update', addresses.registry, farewell).catch((error) =>
        this.#options.log.warn('not unregistered', { reason: reasonOf(error) }),
      );
    }
    this.hangUp();
  }

  /** Without a word: whoever comes back in its place is expected. */
  hangUp(): void {
    this.#rest();
    this.#current = null;
    for (const socket of this.#sockets) socket.close();
  }

  #rest(): void {
    this.#closing.abort();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#rollover);
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

  async #connectAgain(after: number): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    const { signal } = this.#closing;
    try {
      await delay(after, signal);
      await this.#connectAtLast(() => false);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#connecting = false;
    }
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    const url = new URL(this.#options.url);
    url.searchParams.set('token', await this.#options.token());
    signal.throwIfAborted();
    const socket = new LinkSocket(this.#options.openSocket(url.href), { ...this.#timings, log: this.#options.log });
    this.#sockets.add(socket);
    socket.on('message', (message) => this.#take(message));
    socket.on('close', (code) => this.#lose(socket, code));
    try {
      await socket.opened();
      await this.#register(socket);
      signal.throwIfAborted();
    } catch (error) {
      socket.terminate();
      throw error;
    }
    this.#adopt(socket);
  }

  get #announcement(): v.InferInput<typeof AnnounceBody> {
    const { status, isEmpty } = this.#options;
    return { value: status(), ...(isEmpty() && { isEmpty: true }) };
  }

  async #register(socket: LinkSocket): Promise<void> {
    const { addresses, hyperty } = this.#options;
    const registration: v.InferInput<typeof RegisterBody> = {
      value: {
        url: hyperty,
        descriptor: 'media-node',
        resources: ['audio', 'video'],
        dataSchemes: ['connection'],
      },
    };
    const responses = await socket.request(
      this.#message('create', addresses.registry, registration),
      this.#message('create', addresses.media, this.#announcement),
    );
    for (const { code, description } of responses) {
      if (code >= 300) throw fromStatus(code, `${code} ${description ?? ''}`);
    }
  }

  /** From here on it is the link; the one before is read for a while. */
  #adopt(socket: LinkSocket): void {
    const { heartbeatMs, rolloverMs, overlapMs } = this.#timings;
    const before = this.#current;
    this.#current = socket;
    this.#attempts = 0;
    if (before) setTimeout(() => before.close(), overlapMs);
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatMs);
    clearTimeout(this.#rollover);
    const life = rolloverMs * (1 - ROLLOVER_JITTER * Math.random());
    this.#rollover = setTimeout(() => void this.#connectAgain(0), life);
    this.emit('registered');
  }

  /**
   * An unanswered heartbeat shows a socket that is dead without having been closed; one that is forbidden, that an earlier socket's
   * registration has come after this one's.
   */
  async #beat(): Promise<void> {
    const socket = this.#current;
    const answered = this.#punctuality.beat();
    const { isWitness: witness } = this.#punctuality;
    const counts = this.#options.counts.take();
    try {
      const value = this.#options.status();
      const { code } = await this.report({ report: 'heartbeat', value, witness, ...(counts && { counts }) });
      if (code === Code.forbidden) throw new LinkError('down', 'another socket has the address');
      if (counts && code >= 300) this.#options.counts.giveBack(counts);
      answered();
      this.emit('heartbeat');
    } catch (error) {
      if (counts) this.#options.counts.giveBack(counts);
      this.#options.log.warn('heartbeat unanswered', { reason: reasonOf(error) });
      if (socket === this.#current) socket?.terminate();
    }
  }

  #lose(socket: LinkSocket, code: number): void {
    this.#sockets.delete(socket);
    // Before registration the attempt itself fails, and whoever made it tries again.
    if (socket !== this.#current) return;
    this.#current = null;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#rollover);
    this.#punctuality.reset();
    this.#options.counts.add('reconnects');
    this.#options.log.warn('signalling lost', { code });
    this.emit('lost');
    void this.#connectAgain(this.#nextDelay());
  }

  /** Doubles, with full jitter: nodes that lost the same API do not come back all at once. */
  #nextDelay(): number {
    const { retryMs, maxRetryMs } = this.#timings;
    const longest = Math.min(maxRetryMs, retryMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.random() * longest;
  }

  #message(type: Message['type'], to: string, body: Record<string, unknown>): Message {
    this.#requests += 1;
    return { id: `node-${this.#requests}`, type, from: this.#options.hyperty, to, body };
  }

  async #request(type: Message['type'], to: string, body: Record<string, unknown>): Promise<ResponseBody> {
    if (!this.#current) throw new LinkError('down', 'not connected');
    const [response] = await this.#current.request(this.#message(type, to, body));
    if (!response) throw new LinkError('down', 'not connected');
    return response;
  }

  #take(message: Message): void {
    const { log, addresses, hyperty } = this.#options;
    if (message.type === 'response') {
      this.emit('response', message);
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
