import { once } from 'node:events';
import { domainAddresses, type Message } from '@hyperroom/protocol';
import WebSocket from 'ws';

const DEADLINE = 10_000;

/** A client without manners: sends whatever it is told to. */
export class RawClient {
  readonly addresses = domainAddresses('localhost');
  readonly url = this.addresses.hyperty(crypto.randomUUID());
  readonly #socket: WebSocket;
  readonly #received: Message[] = [];
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#received.push(...[JSON.parse(String(data))].flat()));
  }

  static async open(signalling: string): Promise<RawClient> {
    const socket = new WebSocket(signalling);
    await once(socket, 'open');
    return new RawClient(socket);
  }

  send(frame: string | Buffer): void {
    this.#socket.send(frame);
  }

  /** Sends a message of its own, or with fields of somebody else's, and gives the response's body. */
  async request(message: Partial<Message>): Promise<Message['body']> {
    const id = ++this.#lastId;
    this.send(JSON.stringify({ id, from: this.url, to: this.addresses.conference, ...message }));
    return (await this.response(id)).body;
  }

  /** The response to a message, or the one to nothing in particular. */
  async response(id: Message['id']): Promise<Message> {
    for (;;) {
      const found = this.#received.findIndex((message) => message.type === 'response' && message.id === id);
      const [message] = found < 0 ? [] : this.#received.splice(found, 1);
      if (message) return message;
      await once(this.#socket, 'message', { signal: AbortSignal.timeout(DEADLINE) });
    }
  }

  register(): Promise<Message['body']> {
    const value = { url: this.url, descriptor: 'raw', resources: [], dataSchemes: [], ephemeral: true };
    return this.request({ type: 'create', to: this.addresses.registry, body: { value } });
  }

  /** The code that the other side closes with. */
  async closed(): Promise<number> {
    const [code] = await once(this.#socket, 'close', { signal: AbortSignal.timeout(DEADLINE) });
    return code;
  }

  close(): void {
    this.#socket.close();
  }
}
