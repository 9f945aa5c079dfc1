import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventOf, isObject, type Json, type JsonObject, type RecordedEvent } from './trace.ts';

interface Waiting {
  readonly id: Json;
  readonly resolve: (reply: JsonObject) => void;
}

/** A bare JSON-RPC client: it sends any frame, and keeps the events that arrive. */
export class RpcClient {
  readonly events: RecordedEvent[] = [];
  onEvent: (event: RecordedEvent) => void = () => {};
  private readonly socket: WebSocket;
  private readonly waiting: Waiting[] = [];
  private nextId = 1;
  private sessionId: string | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.receive(JSON.parse(String(data)) as Json));
  }

  static async open(url: string): Promise<RpcClient> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new RpcClient(socket);
  }

  /** Sends a frame as it is, and resolves with the reply of that id. */
  exchange(frame: Json, options: { binary?: boolean } = {}): Promise<JsonObject> {
    const complete = isObject(frame) && frame.jsonrpc === '2.0' && frame.id !== undefined;
    return new Promise((resolve) => {
      this.waiting.push({ id: complete ? (frame.id ?? null) : null, resolve });
      this.socket.send(JSON.stringify(frame), { binary: options.binary ?? false });
    });
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** A request in the client's own session; rejects with the server's error. */
  async call(method: string, params: JsonObject = {}): Promise<JsonObject> {
    const session: JsonObject = this.sessionId === undefined ? {} : { sessionId: this.sessionId };
    const reply = await this.exchange({ jsonrpc: '2.0', id: this.nextId++, method, params: { ...session, ...params } });
    if (isObject(reply.error)) throw Object.assign(new Error(String(reply.error.message)), reply.error);
    const result = isObject(reply.result) ? reply.result : {};
    if (typeof result.sessionId === 'string') this.sessionId = result.sessionId;
    return result;
  }

  async invoke(object: string, operation: string, operationParams: JsonObject = {}): Promise<Json> {
    return (await this.call('invoke', { object, operation, operationParams })).value ?? null;
  }

  async create(type: string, constructorParams: JsonObject = {}): Promise<string> {
    return String((await this.call('create', { type, constructorParams })).value);
  }

  async subscribe(object: string, ...types: string[]): Promise<void> {
    for (const type of types) await this.call('subscribe', { object, type });
  }

  get session(): string | undefined {
    return this.sessionId;
  }

  /** The close code, once the socket is closed. */
  closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return Promise.resolve(1006);
    return new Promise((resolve) => this.socket.once('close', resolve));
  }

  terminate(): void {
    this.socket.terminate();
  }

  private receive(frame: Json): void {
    const event = eventOf(frame);
    if (event) {
      this.events.push(event);
      this.onEvent(event);
      return;
    }
    if (!isObject(frame)) throw new Error('a reply that is no object');
    const index = this.waiting.findIndex(({ id }) => id === frame.id);
    const [waiting] = this.waiting.splice(index, 1);
    if (index < 0 || !waiting) throw new Error(`a reply nobody waits for: ${JSON.stringify(frame)}`);
    waiting.resolve(frame);
  }
}
