import { EventEmitter } from 'node:events';
import { type Message, parseFrame, ResponseBody } from '@hyperroom/protocol';
import * as v from 'valibot';
import { LinkError } from './link-error.ts';
import type { Log } from './log.ts';
import type { Socket } from './socket.ts';

export type LinkSocketEvents = {
  /** Any but the responses to its own requests. */
  message: [message: Message];
  close: [code: number];
};

type Settle = (result: LinkError | ResponseBody) => void;

/** One socket, and the requests that wait for their responses on it. */
export class LinkSocket extends EventEmitter<LinkSocketEvents> {
  readonly #socket: Socket;
  readonly #deadlineMs: number;
  readonly #log: Log;
  readonly #waiting = new Map<string, Settle>();

  constructor(socket: Socket, { deadlineMs, log }: { deadlineMs: number; log: Log }) {
    super();
    this.#socket = socket;
    this.#deadlineMs = deadlineMs;
    this.#log = log;
    socket.on('message', (text) => this.#receive(text));
    socket.on('error', (error) => log.warn('signalling socket failed', { reason: error.message }));
    socket.on('close', (code) => {
      this.#failAll(`the connection broke (${code})`);
      this.emit('close', code);
    });
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
      this.#socket.once('close', (code) => reject(new LinkError('down', `the connection broke (${code})`)));
    });
  }

  /** Of several messages, which go in one frame, each gets its response. */
  request(...messages: readonly Message[]): Promise<ResponseBody[]> {
    const responses = Promise.all(messages.map((message) => this.#response(message)));
    if (this.#socket.isOpen) this.#socket.send(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    else this.#failAll('not connected');
    return responses;
  }

  close(): void {
    this.#socket.close();
    this.#failAll('the link was closed');
  }

  terminate(): void {
    this.#socket.terminate();
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
      const expire = () => settle(new LinkError('timeout', `no response from ${to}`));
      const deadline = setTimeout(expire, this.#deadlineMs);
      this.#waiting.set(key, settle);
    });
  }

  #failAll(why: string): void {
    for (const settle of [...this.#waiting.values()]) settle(new LinkError('down', why));
  }

  #receive(text: string): void {
    for (const parsed of parseFrame(text)) {
      if (parsed.ok) this.#take(parsed.message);
      else this.#log.warn('unreadable message', { reason: parsed.error.body?.description });
    }
  }

  #take(message: Message): void {
    const settle = message.type === 'response' ? this.#waiting.get(String(message.id)) : undefined;
    if (!settle) {
      this.emit('message', message);
      return;
    }
    const body = v.safeParse(ResponseBody, message.body);
    if (body.success) settle(body.output);
  }
}
