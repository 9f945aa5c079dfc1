import { type Message, type MessageType, parseFrame, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { HyperroomError } from './errors.ts';

/** Milliseconds that a request waits for its response: reTHINK's own deadline. */
const DEADLINE = 15_000;

export interface Request {
  type: MessageType;
  from: string;
  to: string;
  body: Record<string, unknown>;
}

interface Pending {
  resolve: (response: Message) => void;
  reject: (error: HyperroomError) => void;
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
  readonly #routes = new Map<string, (body: unknown) => void>();
  #lastId = 0;

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
   * Sends one frame and resolves each request with its response. Rejects with what the response refuses,
   * `timeout` after 15 seconds, or `connection-lost`.
   */
  request<const Requests extends readonly Request[]>(
    ...requests: Requests
  ): { [Index in keyof Requests]: Promise<Message> } {
    const messages = requests.map((request) => ({ id: ++this.#lastId, ...request }));
    const responses = messages.map(({ id, type }) => this.#response(id, type));
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.send(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    } else {
      this.#rejectPending();
    }
    return responses as { [Index in keyof Requests]: Promise<Message> };
  }

  /** Listens to what `from` sends to `to`: bodies that `schema` does not describe are dropped. */
  route<Schema extends v.GenericSchema>(
    route: Pick<Message, 'type' | 'from' | 'to'>,
    schema: Schema,
    listener: (body: v.InferOutput<Schema>) => void,
  ): void {
    this.#routes.set(keyOf(route), (body) => {
      const parsed = v.safeParse(schema, body);
      if (parsed.success) listener(parsed.output);
    });
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
        this.#pending.delete(id);
        reject(new HyperroomError('timeout', `no response to a ${type} within ${DEADLINE / 1000} seconds`));
      }, DEADLINE);
      this.#pending.set(id, { resolve, reject, deadline });
    });
  }

  #receive(frame: unknown): void {
    if (typeof frame !== 'string') return;
    for (const parsed of parseFrame(frame)) {
      if (!parsed.ok) continue;
      if (parsed.message.type === 'response') this.#settle(parsed.message);
      else this.#routes.get(keyOf(parsed.message))?.(parsed.message.body);
    }
  }

  #settle(response: Message): void {
    const pending = this.#pending.get(response.id);
    if (!pending || !v.is(ResponseBody, response.body)) return;
    this.#pending.delete(response.id);
    clearTimeout(pending.deadline);
    const { code, description, desc } = response.body;
    if (code < 300) pending.resolve(response);
    else pending.reject(HyperroomError.refused(code, description ?? desc));
  }

  #rejectPending(): void {
    for (const { reject, deadline } of this.#pending.values()) {
      clearTimeout(deadline);
      reject(new HyperroomError('connection-lost', 'the connection to the signalling server is closed'));
    }
    this.#pending.clear();
  }
}

function keyOf({ type, from, to }: Pick<Message, 'type' | 'from' | 'to'>): string {
  return `${type} ${from} ${to}`;
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
