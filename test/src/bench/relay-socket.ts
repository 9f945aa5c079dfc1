import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';

interface Message {
  readonly id: string | number;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly body?: object;
}

/** A plain runtime that notes when what arrives has arrived. */
export class RelaySocket {
  readonly #socket: WebSocket;
  /** By message id, in `performance.now()`. */
  readonly arrivals = new Map<string | number, number>();
  readonly #answers = new Map<string | number, (body: unknown) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(data.toString())));
  }

  static async open(url: string): Promise<RelaySocket> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new RelaySocket(socket);
  }

  send(message: Message): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Has addresses routed here. */
  async subscribe(manager: string, resources: readonly string[]): Promise<void> {
    const id = randomUUID();
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    this.send({ id, type: 'subscribe', from: 'relay-bench', to: manager, body: { resources } });
    const { code } = (await answer) as { code: number };
    if (code !== 200) throw new Error(`subscribing ${resources.join(', ')} was answered with ${code}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #take({ id, type, body }: Message): void {
    if (type !== 'response') this.arrivals.set(id, performance.now());
    this.#answers.get(id)?.(body);
    this.#answers.delete(id);
  }
}
