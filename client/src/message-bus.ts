import { type Message, type MessageType, parseFrame, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { HyperroomError } from './errors.ts';
import { inFrames } from './frames.ts';

/** Milliseconds that a request waits for its response: reTHINK's own deadline. */
const DEADLINE = 15_000;

export interface Request {
  type: MessageType;
  from: string;
  to: string;
  body: Record<string, unknown>;
}

/** What a listener wants to hear; without `from`: whoever sends it. */
export interface Route {
  type: MessageType;
  to: string;
  from?: string;
}

type Listener = (message: Message) => void;

interface Pending {
  resolve: (response: Message) => void;
  reject: (error: unknown) => void;
  deadline: ReturnType<typeof setTimeout>;
}

/**
 * Requests, responses and pushes over one WebSocket. Frames that are not ours, responses nobody waits for
 * (doubled, or later than their deadline) and pushes without a listener are dropped.
 */
export class MessageBus {
  /** Resolves when the socket is open; rejects with `connection-refused`. */
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #pending = new Map<Message['id'], Pending>();
  readonly #routes = new Map<string, Set<Listener>>();
  /** A late answer to what this address asked on an earlier socket must not be taken for one to what it asks on this. */
  #lastId = Math.floor(Math.random() * 2 ** 32);

  /** @param onLost hears that an open socket has closed, unless by `close()`. */
  constructor(url: string, Socket: typeof WebSocket, onLost: () => void) {
    this.#socket = new Socket(url);
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.opened = new Promise((resolve, reject) => {
      this.#socket.onopen = () => resolve();
      this.#socket.onclose = () => {
        reject(new HyperroomError('connection-refused', 'the signalling server did not accept the connection'));
        this.#rejectPending();
        onLost();
      };
    });
    // Not opening is also told to whoever sends, so nobody has to look at this promise.
    this.opened.catch(() => {});
  }

  /**
   * Sends requests in one frame, or more if they do not fit, and resolves each with its response. Rejects with what
   * the response refuses, `timeout` after 15 seconds, `bad-request` if a request is too large, or `connection-lost`.
   */
  request<const Requests extends readonly Request[]>(
    ...requests: Requests
  ): { [Index in keyof Requests]: Promise<Message> } {
    const messages = requests.map((request) => ({ id: ++this.#lastId, ...request }));
    const responses = messages.map(({ id, type }) => this.#response(id, type));
    try {
      this.#send(messages);
    } catch (error) {
      for (const { id } of messages) this.#reject(id, error);
    }
    return responses as { [Index in keyof Requests]: Promise<Message> };
  }

  /** Sends what is not answered: an update, or an answer, which has its id already. Throws `bad-request` or `connection-lost`. */
  post(...messages: readonly (Request | Message)[]): void {
    this.#send(messages.map((message) => ({ id: ++this.#lastId, ...message })));
  }

  /** Listens until the returned function is called; bodies that `schema` does not describe are dropped. */
  route<Schema extends v.GenericSchema>(
    { type, to, from }: Route,
    schema: Schema,
    listener: (body: v.InferOutput<Schema>, message: Message) => void,
  ): () => void {
    const key = keyOf({ type, to });
    const listeners = this.#routes.get(key) ?? new Set();
    const heard: Listener = (message) => {
      if (from !== undefined && message.from !== from) return;
      const parsed = v.safeParse(schema, message.body ?? {});
      if (parsed.success) listener(parsed.output, message);
    };
    this.#routes.set(key, listeners.add(heard));
    return () => {
      listeners.delete(heard);
      if (listeners.size === 0 && this.#routes.get(key) === listeners) this.#routes.delete(key);
    };
  }

  /** Requests without a response yet are rejected with `connection-lost`. */
  close(): void {
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#rejectPending();
  }

  #response(id: Message['id'], type: MessageType): Promise<Message> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#reject(id, new HyperroomError('timeout', `no response to a ${type} within ${DEADLINE / 1000} seconds`));
      }, DEADLINE);
      this.#pending.set(id, { resolve, reject, deadline });
    });
  }

  #send(messages: readonly object[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN) throw connectionLost();
    for (const frame of inFrames(messages)) this.#socket.send(frame);
  }

  #receive(frame: unknown): void {
    if (typeof frame !== 'string') return;
    for (const parsed of parseFrame(frame)) {
      if (!parsed.ok) continue;
      if (parsed.message.type === 'response') this.#settle(parsed.message);
      else for (const hear of [...(this.#routes.get(keyOf(parsed.message)) ?? [])]) hear(parsed.message);
    }
  }

  #settle(response: Message): void {
    if (!this.#pending.has(response.id) || !v.is(ResponseBody, response.body)) return;
    const { body } = response;
    if (body.code < 300) this.#take(response.id)?.resolve(response);
    else this.#reject(response.id, HyperroomError.refused(body));
  }

  #rejectPending(): void {
    for (const id of this.#pending.keys()) this.#reject(id, connectionLost());
  }

  #reject(id: Message['id'], error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** What waits for a response, and waits no longer. */
  #take(id: Message['id']): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.deadline);
    return pending;
  }
}

function connectionLost(): HyperroomError {
  return new HyperroomError('connection-lost', 'the connection to the signalling server is closed');
}

function keyOf({ type, to }: Pick<Message, 'type' | 'to'>): string {
  return `${type} ${to}`;
}

/** A message's body as `schema` has it, or `protocol-error`. */
export function bodyOf<Schema extends v.GenericSchema>(schema: Schema, message: Message): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, message.body);
  if (parsed.success) return parsed.output;
  throw new HyperroomError(
    'protocol-error',
    `unexpected ${message.type} from ${message.from}: ${parsed.issues[0].message}`,
  );
}
