import { type DomainAddresses, domainAddresses, type Message } from '@hyperroom/protocol';
import { within } from './async.ts';
import { Emitter } from './emitter.ts';
import type { Hyperty, HypertyDescription, HypertyEvents } from './hyperty.ts';
import type { Destination } from './link/destination.ts';
import { Vigil } from './link/vigil.ts';
import { type Ask, MessageBus, type Request } from './message-bus.ts';

/** Milliseconds that taking leave waits for the server before the socket is closed all the same. */
export const FAREWELL_TIMEOUT = 2_000;

/** The signalling server that a hyperty is to be reached through. */
export interface SignallingServer extends Destination {
  domain: string;
  WebSocket: typeof WebSocket;
  /** Milliseconds after which a socket is replaced by another one, before the server closes it. */
  socketLifetime: number;
}

/** What a hyperty is there for, if that is to survive its socket as well. */
export interface Engagement {
  /**
   * Says `first` by a socket, and with it whatever makes its engagement go on. Rejects if that is refused. `isNew`: by another socket than
   * before; else this only makes sure that all is as it was.
   */
  goOn: (ask: Ask, first: readonly [Request, ...Request[]], isNew: boolean) => Promise<void>;
  /** Whether a request does no harm that arrives twice. */
  isRepeatable: (request: Request) => boolean;
  /** Whether sockets are replaced before the server closes them. */
  rollsOver: boolean;
}

/** A hyperty that its domain knows, and its socket. */
export class RegisteredHyperty extends Emitter<HypertyEvents> implements Hyperty {
  readonly url: string;
  /** The well-known addresses of its domain. */
  readonly addresses: DomainAddresses;
  /** What it sends to others, and hears. */
  readonly bus: MessageBus;
  readonly #description: HypertyDescription;
  readonly #engagement: Engagement;
  /** Data objects of its own that are registered. */
  readonly #kept = new Set<string>();
  /** Proves that whoever registers this address by another socket is this same page. */
  readonly #resumption = crypto.randomUUID();
  readonly #vigil = new Vigil(() => this.check());
  #isChecking = false;
  #ended = false;

  constructor(server: SignallingServer, description: HypertyDescription = {}, engagement?: Engagement) {
    super();
    this.addresses = domainAddresses(server.domain);
    this.url = description.url ?? this.addresses.hyperty(crypto.randomUUID());
    this.#description = description;
    this.#engagement = engagement ?? aloneIn(this.addresses);
    const { isRepeatable, rollsOver } = this.#engagement;
    this.bus = new MessageBus({
      ...server,
      lifetime: rollsOver ? server.socketLifetime : Number.POSITIVE_INFINITY,
      isRepeatable,
      greet: (ask) => this.#engagement.goOn(ask, [this.#registration()], true),
      onUp: () => this.emit('reconnected'),
      onDown: () => this.emit('reconnecting'),
      onLost: (error) => this.#end('connection-lost', error),
    });
  }

  /** Registers and, in the same frame, sends what depends on it: one response each, the registration's first. */
  register<const Along extends readonly Request[]>(
    ...along: Along
  ): readonly [Promise<Message>, ...{ [Index in keyof Along]: Promise<Message> }] {
    this.#vigil.begin();
    return this.bus.request(this.#registration(), ...along);
  }

  /** Makes sure that its socket is alive, and that the domain knows it: if not, it is replaced. */
  async check(): Promise<void> {
    if (this.#isChecking || this.#ended) return;
    this.#isChecking = true;
    const refresh = (resource: string) => this.toRegistry('update', { resource });
    const objects = [...this.#kept].map(refresh);
    await this.bus
      .prove((ask) => this.#engagement.goOn(ask, [refresh(this.url), ...objects], false))
      .finally(() => {
        this.#isChecking = false;
      });
  }

  /** What it has to say to the registry of its domain. */
  toRegistry(type: Request['type'], body: Request['body']): Request {
    return { type, from: this.url, to: this.addresses.registry, body };
  }

  /** Keeps a data object registered too, until the returned function is called. */
  keep(url: string): () => void {
    this.#kept.add(url);
    return () => this.#kept.delete(url);
  }

  /** Sends what there is to say last, and that it is no longer registered; settles with the responses, whatever they are. */
  takeLeave(...farewell: readonly Request[]): Promise<unknown> {
    const gone = { resource: this.url, value: 'disconnected', attribute: 'status' };
    this.bus.hurry();
    return Promise.allSettled(this.bus.request(...farewell, this.toRegistry('update', gone)));
  }

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

  #registration(): Request {
    const { descriptor = 'hyperty', resources = [], dataSchemes = [], lasting = false } = this.#description;
    const kind = { descriptor, resources, dataSchemes, ...(!lasting && { ephemeral: true }) };
    return this.toRegistry('create', { value: { url: this.url, ...kind, resumption: this.#resumption } });
  }

  #end(...why: HypertyEvents['closed']): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#vigil.end();
    this.emit('closed', ...why);
    this.end();
  }
}

/** Of a hyperty that is in no room. Others may not know that they have had a message before; the domain does. */
function aloneIn({ session, allocation, subscriptions, registry, conference }: DomainAddresses): Engagement {
  const components = [session, ...allocation, subscriptions, registry, conference];
  return {
    async goOn(ask, first) {
      const [own, ...objects] = ask(...first);
      // An object may not be registered again as yet.
      for (const object of objects) object.catch(() => {});
      await own;
    },
    isRepeatable: ({ to }) => components.includes(to),
    // What it has routed to itself belongs to its socket: two at a time would fight for it.
    rollsOver: false,
  };
}
