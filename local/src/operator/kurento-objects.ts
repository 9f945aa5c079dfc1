import { once } from 'node:events';
import * as v from 'valibot';
import WebSocket from 'ws';

/** A pipeline, by what Kurento itself says of it. */
export interface Pipeline {
  readonly id: string;
  /** The room it was made for. */
  readonly room: string;
  readonly endpoints: number;
}

const Reply = v.object({ id: v.number(), result: v.optional(v.object({ value: v.unknown() })) });

const DEADLINE = 4_000;

/** Looks into a Kurento, past the agent, over a socket of its own that opens with the first look. */
export class KurentoObjects {
  readonly #url: string;
  #socket: WebSocket | undefined;
  /** Kurento would answer an id that it has seen from its memory. */
  #id = 0;
  #look: Promise<Pipeline[] | undefined> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Undefined if it does not answer. Whoever asks meanwhile is given the same. */
  pipelines(): Promise<Pipeline[] | undefined> {
    this.#look ??= this.#lookAround().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  async #lookAround(): Promise<Pipeline[] | undefined> {
    try {
      const socket = await this.#open();
      const pipelines: Pipeline[] = [];
      for (const id of await this.#list(socket, 'manager_ServerManager', 'getPipelines')) {
        const children = await this.#list(socket, id, 'getChildren');
        const name = String(await this.#invoke(socket, id, 'getName'));
        const endpoints = children.filter((child) => child.endsWith('Endpoint')).length;
        pipelines.push({ id, room: name.split(' ')[0]?.split('/').at(-1) ?? '', endpoints });
      }
      return pipelines;
    } catch {
      this.close();
      return undefined;
    }
  }

  close(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    // `once` hears of those it waits for; those that come later are seen in the next look.
    socket.on('error', () => {});
    await once(socket, 'open', { signal: AbortSignal.timeout(DEADLINE) });
    return socket;
  }

  /** Of an object that has gone meanwhile: nothing. */
  async #list(socket: WebSocket, object: string, operation: string): Promise<string[]> {
    return v.parse(v.optional(v.array(v.string()), []), await this.#invoke(socket, object, operation));
  }

  async #invoke(socket: WebSocket, object: string, operation: string): Promise<unknown> {
    this.#id += 1;
    const id = this.#id;
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(DEADLINE) });
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'invoke', params: { object, operation } }));
    const [data] = await answered;
    const reply = v.parse(Reply, JSON.parse(String(data)));
    if (reply.id !== id) throw new Error(`an answer to ${reply.id} instead of ${id}`);
    return reply.result?.value;
  }
}
