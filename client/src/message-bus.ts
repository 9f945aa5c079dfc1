import { Code, type Message, type MessageType, type ResponseBody } from '@hyperroom/protocol';
import { reporting } from './async.ts';
import { errorOf, HyperroomError, isPassing, retryAfterOf } from './errors.ts';
import { inFrames, messagesOf } from './frames.ts';
import type { Line } from './link/line.ts';
import { Link, type LinkOptions } from './link/link.ts';

/** Milliseconds that a request waits for its response: reTHINK's own deadline. */
const DEADLINE = 15_000;
/** Milliseconds that a socket has to prove that it is alive. */
const PROOF = 5_000;
/** Milliseconds that the server has to take another one. */
const GREETING = 10_000;

export interface Request {
  type: MessageType;
  from: string;
  to: string;
  body: Record<string, unknown>;
  /** By which it is found in the logs of all who had to do with it. */
  trace?: string;
}

/** What a listener wants to hear; without `from`: whoever sends it. */
export interface Route {
  type: MessageType;
  to: string;
  from?: string;
}

/** One response for each request. */
export type Responses<Requests extends readonly Request[]> = { [Index in keyof Requests]: Promise<Message> };

/** Sends requests by one particular socket: they are rejected with it. */
export type Ask = <const Requests extends readonly Request[]>(...requests: Requests) => Responses<Requests>;

export interface BusOptions
  extends Pick<LinkOptions, 'url' | 'expires' | 'WebSocket' | 'lifetime' | 'onUp' | 'onDown' | 'onLost'> {
  /** Goes on by another socket: see `LinkOptions.greet`. */
  greet: (ask: Ask) => Promise<void>;
  /** Whether a request does no harm that arrives twice. */
  isRepeatable: (request: Request) => boolean;
}

type Listener = (message: Message) => void;

interface Pending {
  readonly message: Message & Request;
  readonly isRepeatable: boolean;
  readonly resolve: (response: Message) => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: ReturnType<typeof setTimeout>;
  /** When that is. */
  readonly until: number;
  /** What it was sent by. Absent: it is yet to be sent, or sent again. */
  line: Line | undefined;
  /** When the server wants it again. */
  again?: ReturnType<typeof setTimeout>;
}

/**
 * What comes of the domain itself (the conference, the registry, a room) is taken as it is: the messaging node relays what the schemas of
 * the protocol describe, and nobody else speaks as these. What other hyperties send has to be made sure of by whoever takes it.
 *
 * Requests, responses and pushes over a link. What is in flight when a socket dies is sent again by the next one, with the same
 * id, and what comes while there is none waits for it. Frames that are not ours, responses nobody waits for (doubled, or later
 * than their deadline) and pushes without a listener are dropped.
 */
export class MessageBus {
  readonly #link: Link;
  readonly #options: BusOptions;
  readonly #pending = new Map<Message['id'], Pending>();
  readonly #routes = new Map<string, Set<Listener>>();
  /** A late answer to what this address asked on an earlier socket must not be taken for one to what it asks on this. */
  #lastId = Math.floor(Math.random() * 2 ** 32);
  #closed = false;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#link = new Link({
      ...options,
      greet: (line) => options.greet((...requests) => this.#ask(requests, GREETING, line)),
      onFrame: (frame) => this.#receive(frame),
      onUp: () => {
        this.#flush();
        options.onUp();
      },
      onGone: (line) => this.#takeBack(line),
      onLost: (error) => {
        this.close();
        options.onLost(error);
      },
    });
  }

  /** Resolves when the first socket is open; rejects with `connection-refused`. */
  get opened(): Promise<void> {
    return this.#link.opened;
  }

  /** Whether there is a socket to send by. */
  get isUp(): boolean {
    return this.#link.current !== undefined;
  }

  /**
   * Sends requests in one frame, or more if they do not fit, and resolves each with its response. Rejects with what
   * the response refuses, `timeout` after 15 seconds, `bad-request` if a request is too large, or `connection-lost`. A refusal
   * that says when it will have passed is taken for an answer only if that is after the deadline, or if a media node is started first.
   */
  request<const Requests extends readonly Request[]>(...requests: Requests): Responses<Requests> {
    return this.#ask(requests, DEADLINE);
  }

  /** Asks by the socket of the moment; if it does not answer within 5 seconds, it is another's turn. */
  async prove(ask: (ask: Ask) => Promise<void>): Promise<void> {
    const line = this.#link.current;
    if (!line) {
      this.#link.hurry();
      return;
    }
    try {
      await ask((...requests) => this.#ask(requests, PROOF, line));
    } catch (error) {
      if (!(error instanceof HyperroomError)) throw error;
      if (line !== this.#link.current) return;
      if (error.code === 'timeout') this.#link.doubt();
      else if (!isPassing(error)) this.#link.renew();
    }
  }

  /** Rejects requests that are of no use any more, with `connection-lost`. */
  withdraw(isStale: (request: Request) => boolean): void {
    for (const [id, { message }] of this.#pending) if (isStale(message)) this.#reject(id, connectionLost());
  }

  /** Opens a socket at once, if there is none. */
  hurry(): void {
    this.#link.hurry();
  }

  /** Sends what is not answered: an update, or an answer, which has its id already. Without a socket it is lost; throws `bad-request` or `connection-lost`. */
  post(...messages: readonly (Request | Message)[]): void {
    if (this.#closed) throw connectionLost();
    const frames = inFrames(messages.map((message) => ({ id: ++this.#lastId, ...message })));
    this.#link.current?.send(frames);
  }

  /**
   * Listens until the returned function is called. A body that is not sound is dropped: what is more than an object where anybody may be
   * the sender. One that `listener` can make nothing of is reported as uncaught, and dropped as well.
   */
  route<Body extends object>(
    { type, to, from }: Route,
    listener: (body: Body, message: Message) => void,
    isSound: (body: Partial<Record<keyof Body, unknown>>) => boolean = () => true,
  ): () => void {
    const key = keyOf({ type, to });
    const listeners = this.#routes.get(key) ?? new Set();
    const heard: Listener = (message) => {
      if (from !== undefined && message.from !== from) return;
      const body = (message.body ?? {}) as Body;
      if (isSound(body)) reporting(() => listener(body, message));
    };
    this.#routes.set(key, listeners.add(heard));
    return () => {
      listeners.delete(heard);
      if (listeners.size === 0 && this.#routes.get(key) === listeners) this.#routes.delete(key);
    };
  }

  /** Requests without a response yet are rejected with `connection-lost`. */
  close(): void {
    this.#closed = true;
    this.#link.close();
    for (const id of this.#pending.keys()) this.#reject(id, connectionLost());
  }

  /** @param only the one socket to send by. */
  #ask<const Requests extends readonly Request[]>(
    requests: Requests,
    deadline: number,
    only?: Line,
  ): Responses<Requests> {
    const messages = requests.map((request) => ({ id: ++this.#lastId, ...request }));
    const responses = messages.map((message) => this.#response(message, deadline, only));
    try {
      const frames = inFrames(messages);
      if (this.#closed) throw connectionLost();
      (only ?? this.#link.current)?.send(frames);
    } catch (error) {
      for (const { id } of messages) this.#reject(id, error);
    }
    return responses as Responses<Requests>;
  }

  #response(message: Message & Request, deadline: number, only?: Line): Promise<Message> {
    const { id, type } = message;
    return new Promise((resolve, reject) => {
      const expire = () =>
        this.#reject(id, new HyperroomError('timeout', `no response to a ${type} within ${deadline / 1000} seconds`));
      this.#pending.set(id, {
        message,
        isRepeatable: !only && this.#options.isRepeatable(message),
        resolve,
        reject,
        deadline: setTimeout(expire, deadline),
        until: Date.now() + deadline,
        line: only ?? this.#link.current,
      });
    });
  }

  /** Sends what has not been sent, or has to be again. */
  #flush(): void {
    const line = this.#link.current;
    const waiting = [...this.#pending.values()].filter((pending) => !pending.line && pending.again === undefined);
    if (!line || waiting.length === 0) return;
    for (const pending of waiting) pending.line = line;
    line.send(inFrames(waiting.map(({ message }) => message)));
  }

  /** Nothing comes by that line any more. */
  #takeBack(line: Line): void {
    for (const [id, pending] of this.#pending) if (pending.line === line) this.#recall(id, pending);
    this.#flush();
  }

  /** What was sent by a line that is none any more is sent by the next, if that may be. */
  #recall(id: Message['id'], pending: Pending): void {
    if (pending.isRepeatable) pending.line = undefined;
    else this.#reject(id, connectionLost());
  }

  #receive(frame: string): void {
    for (const message of messagesOf(frame)) {
      if (message.type === 'response') this.#settle(message);
      else for (const hear of [...(this.#routes.get(keyOf(message)) ?? [])]) hear(message);
    }
  }

  #settle(response: Message): void {
    const pending = this.#pending.get(response.id);
    const body = response.body as ResponseBody | undefined;
    if (!pending || typeof body?.code !== 'number') return;
    if (body.code < 300) {
      this.#take(response.id)?.resolve(response);
      return;
    }
    const error = errorOf(body);
    if (body.code === Code.forbidden && this.#link.isLeaving(pending.line)) {
      this.#recall(response.id, pending);
      if (!this.#link.isGreeting) this.#flush();
      return;
    }
    const later = retryAfterOf(error);
    const isInTime = later !== undefined && !body.starting && Date.now() + later < pending.until;
    if (isInTime && pending.isRepeatable) this.#repeat(pending, later);
    else this.#reject(response.id, error);
  }

  #repeat(pending: Pending, later: number): void {
    clearTimeout(pending.again);
    pending.line = undefined;
    pending.again = setTimeout(() => {
      delete pending.again;
      this.#flush();
    }, later);
  }

  #reject(id: Message['id'], error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** What waits for a response, and waits no longer. */
  #take(id: Message['id']): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.deadline);
    clearTimeout(pending?.again);
    return pending;
  }
}

function connectionLost(): HyperroomError {
  return new HyperroomError('connection-lost', 'the connection is closed');
}

function keyOf({ type, to }: Pick<Message, 'type' | 'to'>): string {
  return `${type} ${to}`;
}

/** What a response says, or `protocol-error` if not even that is there which `has` asks for. */
export function bodyOf<Body>({ type, from, body }: Message, has: (body: Body) => unknown): Body {
  try {
    if (has(body as Body)) return body as Body;
  } catch {
    // It asks for a field of what is not there.
  }
  throw new HyperroomError('protocol-error', `unexpected ${type} from ${from}`);
}
