import { type DomainAddresses, domainAddresses, type Message } from '@hyperroom/protocol';
import { within } from './async.ts';
import { Emitter } from './emitter.ts';
import { MessageBus, type Request } from './message-bus.ts';

/** Milliseconds that taking leave waits for the server before the socket is closed all the same. */
export const FAREWELL_TIMEOUT = 2_000;
/** Milliseconds between keep-alives of what is registered; they also keep API Gateway from closing an idle socket (10 minutes). */
const KEEP_ALIVE = 5 * 60_000;

/** The signalling server that a hyperty is to be reached through. */
export interface SignallingServer {
  /** Of the WebSocket, token inside. */
  url: string;
  domain: string;
  WebSocket: typeof WebSocket;
}

/** What the registry says of a hyperty. */
export interface HypertyDescription {
  /** Its address. Default: a new one, `hyperty://<domain>/<uuid>`. */
  url?: string;
  /** The descriptor that it is an instance of. Default `hyperty`. */
  descriptor?: string;
  /** What it can do, for others' searches: `audio`, `chat`, … Default: nothing. */
  resources?: readonly string[];
  /** The schemes of the data objects that it deals in: `comm`, `connection`, … Default: none. */
  dataSchemes?: readonly string[];
  /** Stays in the registry as disconnected when its socket is gone, instead of being forgotten. Default false. */
  lasting?: boolean;
}

export interface HypertyEvents {
  /** Its last event. `connection-lost`: its socket closed; what it reported and observed ends with it. */
  closed: [reason: 'closed' | 'connection-lost'];
}

/** A hyperty of this page: registered with a domain, and reachable through a socket of its own. `Hyperroom.connect` makes one. */
export class Hyperty implements AsyncDisposable {
  readonly url: string;
  /** The well-known addresses of its domain. */
  readonly addresses: DomainAddresses;
  /** What it sends to others, and hears. */
  readonly bus: MessageBus;
  readonly #description: HypertyDescription;
  readonly #events = new Emitter<HypertyEvents>();
  /** Data objects of its own that are registered. */
  readonly #kept = new Set<string>();
  #keepAlive: ReturnType<typeof setInterval> | undefined;
  #ended = false;

  /** Use `Hyperroom.connect`. */
  constructor(server: SignallingServer, description: HypertyDescription = {}) {
    this.addresses = domainAddresses(server.domain);
    this.url = description.url ?? this.addresses.hyperty(crypto.randomUUID());
    this.#description = description;
    this.bus = new MessageBus(server.url, server.WebSocket, () => this.#end('connection-lost'));
  }

  /** Listens to an event until the returned function is called. */
  on<Name extends keyof HypertyEvents>(name: Name, listener: (...args: HypertyEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Registers and, in the same frame, sends what depends on it: one response each, the registration's first. */
  register<const Along extends readonly Request[]>(
    ...along: Along
  ): readonly [Promise<Message>, ...{ [Index in keyof Along]: Promise<Message> }] {
    const { descriptor = 'hyperty', resources = [], dataSchemes = [], lasting = false } = this.#description;
    const value = { url: this.url, descriptor, resources, dataSchemes, ...(!lasting && { ephemeral: true }) };
    this.#keepAlive ??= setInterval(() => this.#refresh(), KEEP_ALIVE);
    return this.bus.request(this.#toRegistry('create', { value }), ...along);
  }

  /** Keeps a data object registered too, until the returned function is called. */
  keep(url: string): () => void {
    this.#kept.add(url);
    return () => this.#kept.delete(url);
  }

  /** Sends what there is to say last, and that it is no longer registered; settles with the responses, whatever they are. */
  takeLeave(...farewell: readonly Request[]): Promise<unknown> {
    const gone = { resource: this.url, value: 'disconnected', attribute: 'status' };
    return Promise.allSettled(this.bus.request(...farewell, this.#toRegistry('update', gone)));
  }

  /** Unregisters and closes the socket. Resolves when the server has taken note, within 2 seconds; rejects never. */
  async close(): Promise<void> {
    await within(FAREWELL_TIMEOUT, this.takeLeave());
    this.disconnect();
  }

  /** Closes the socket at once; the server takes note by itself. */
  disconnect(): void {
    this.bus.close();
    this.#end('closed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #toRegistry(type: Request['type'], body: Request['body']): Request {
    return { type, from: this.url, to: this.addresses.registry, body };
  }

  #refresh(): void {
    const refreshes = [this.url, ...this.#kept].map((resource) => this.#toRegistry('update', { resource }));
    // A lost socket says so itself.
    for (const refreshed of this.bus.request(...refreshes)) refreshed.catch(() => {});
  }

  #end(reason: HypertyEvents['closed'][0]): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#keepAlive);
    this.#events.emit('closed', reason);
  }
}
