import { once } from 'node:events';
import { type Message, parseFrame, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import WebSocket from 'ws';

/** What went over a socket: a frame is a message to API Gateway, whatever it holds. */
export interface Traffic {
  readonly messagesUp: number;
  readonly bytesUp: number;
  readonly messagesDown: number;
  readonly bytesDown: number;
}

export interface Reply {
  readonly body: v.InferOutput<typeof ResponseBody>;
  /** All that had gone over the socket when it came. */
  readonly traffic: Traffic;
  /** Of the frame that it came in. */
  readonly bytes: number;
}

/** A response that refuses. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: number;

  constructor({ type, to }: Request, { code, description }: Reply['body']) {
    super(`${type} to ${to} was refused with ${code}: ${description}`);
    this.code = code;
  }
}

export type Request = Omit<Message, 'id'>;

interface Pending {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

/** Four times the SDK's own: a crowd is not timed, and a busy machine is no fault of it. */
const DEADLINE = 60_000;

/** A client's WebSocket, which counts. */
export class ClientSocket {
  readonly #socket: WebSocket;
  readonly #heard: (message: Message) => void;
  readonly #pending = new Map<Message['id'], Pending>();
  #traffic: Traffic = { messagesUp: 0, bytesUp: 0, messagesDown: 0, bytesDown: 0 };
  #lastId = 0;

  /** @param heard gets what answers nothing. */
  static async open(url: string, heard: (message: Message) => void): Promise<ClientSocket> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new ClientSocket(socket, heard);
  }

  private constructor(socket: WebSocket, heard: (message: Message) => void) {
    this.#socket = socket;
    this.#heard = heard;
    socket.on('message', (data: Buffer) => this.#receive(data.toString(), data.length));
    socket.on('close', (code) => this.#failAll(new Error(`the socket closed with ${code}`)));
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** Sends requests in one frame; each settles with its response. */
  request<const Requests extends readonly Request[]>(
    ...requests: Requests
  ): { [Index in keyof Requests]: Promise<Reply> } {
    const messages = requests.map((request) => ({ ...request, id: ++this.#lastId }));
    const replies = messages.map(({ id, ...request }) => this.#reply(id, request));
    this.#send(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    return replies as { [Index in keyof Requests]: Promise<Reply> };
  }

  answer(response: Message): void {
    this.#send(JSON.stringify(response));
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(frame: string): void {
    const { messagesUp, bytesUp } = this.#traffic;
    this.#traffic = { ...this.#traffic, messagesUp: messagesUp + 1, bytesUp: bytesUp + Buffer.byteLength(frame) };
    this.#socket.send(frame);
  }

  #reply(id: Message['id'], request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const expire = () => this.#take(id)?.reject(new Error(`no response to ${request.type} to ${request.to}`));
      this.#pending.set(id, { request, resolve, reject, deadline: setTimeout(expire, DEADLINE) });
    });
  }

  #receive(frame: string, bytes: number): void {
    const { messagesDown, bytesDown } = this.#traffic;
    this.#traffic = { ...this.#traffic, messagesDown: messagesDown + 1, bytesDown: bytesDown + bytes };
    for (const parsed of parseFrame(frame)) {
      if (!parsed.ok) this.#failAll(new Error(`not a message: ${frame}`));
      else if (parsed.message.type === 'response') this.#settle(parsed.message, bytes);
      else this.#heard(parsed.message);
    }
  }

  #settle({ id, body: given }: Message, bytes: number): void {
    const pending = this.#take(id);
    if (!pending) return;
    const body = v.parse(ResponseBody, given);
    if (body.code < 300) pending.resolve({ body, traffic: this.#traffic, bytes });
    else pending.reject(new Refused(pending.request, body));
  }

  #failAll(error: Error): void {
    for (const id of this.#pending.keys()) this.#take(id)?.reject(error);
  }

  #take(id: Message['id']): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.deadline);
    return pending;
  }
}
