import { EventEmitter } from 'node:events';
import {
  type AdoptedOptions,
  type Endpoint,
  type EndpointEvents,
  type EndpointOptions,
  type MediaKind,
  MediaServerError,
  type Pipeline,
} from './agent.ts';
import type { KurentoEndpoint, KurentoServer, Told } from './kurento.ts';
import type { Call } from './media-port.ts';
import { answerTo, fragmentOf } from './sdp.ts';

export type Listen = (endpoint: string, hear: (told: Told) => void) => void;

const KINDS: readonly MediaKind[] = ['audio', 'video'];

/** A pipeline as the agent has it. */
export class SimulatedPipeline implements Pipeline {
  readonly id: string;
  readonly #call: Call;
  readonly #listen: Listen;

  constructor(id: string, call: Call, listen: Listen) {
    this.id = id;
    this.#call = call;
    this.#listen = listen;
  }

  async createEndpoint({ name, direction }: EndpointOptions): Promise<Endpoint> {
    const id = await this.#call('create endpoint', (server) => {
      const pipeline = server.pipelines.get(this.id);
      if (!pipeline) throw notFound(this.id);
      return server.createEndpoint(pipeline, name, direction).id;
    });
    return new SimulatedEndpoint(id, this.id, this.#call, this.#listen);
  }

  async adoptEndpoint(id: string, { name, direction }: AdoptedOptions): Promise<Endpoint> {
    const endpoint = new SimulatedEndpoint(id, this.id, this.#call, this.#listen);
    await this.#call('adopt endpoint', (server) => {
      Object.assign(find(server, this.id, id), { name, direction });
    });
    return endpoint;
  }

  endpoints(): Promise<string[]> {
    return this.#call('getChildren', (server) => {
      const pipeline = server.pipelines.get(this.id);
      if (!pipeline) throw notFound(this.id);
      return [...pipeline.endpoints.keys()];
    });
  }

  releaseEndpoint(id: string): Promise<void> {
    return this.#call('release', (server) => release(server, this.id, id));
  }

  release(): Promise<void> {
    return this.#call('release', (server) => server.releasePipeline(this.id));
  }
}

class SimulatedEndpoint extends EventEmitter<EndpointEvents> implements Endpoint {
  readonly id: string;
  readonly watched = true;
  readonly #pipeline: string;
  readonly #call: Call;

  constructor(id: string, pipeline: string, call: Call, listen: Listen) {
    super();
    this.id = id;
    this.#pipeline = pipeline;
    this.#call = call;
    this.on('error', () => {});
    listen(id, (told) => this.#hear(told));
  }

  async answer(offer: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    await this.#on('processOffer', (endpoint) => {
      if (endpoint.remote !== undefined) throw new MediaServerError('rejected', 'negotiated already');
      endpoint.remote = fragmentOf(offer);
    });
    signal?.throwIfAborted();
    await this.#on('gatherCandidates', () => {});
    signal?.throwIfAborted();
    return answerTo(offer, this.id);
  }

  async addCandidate(): Promise<undefined> {
    await this.#on('addIceCandidate', () => {});
  }

  connectTo(sink: { readonly id: string }, kind?: MediaKind): Promise<void> {
    return this.#call(`connect ${sink.id}`, (server) => {
      const from = find(server, this.#pipeline, this.id);
      const to = find(server, this.#pipeline, sink.id);
      for (const each of kind ? [kind] : KINDS) to.sources.set(each, from);
    });
  }

  disconnectFrom(sink: { readonly id: string }, kind?: MediaKind): Promise<void> {
    return this.#call(`disconnect ${sink.id}`, (server) => {
      const from = find(server, this.#pipeline, this.id);
      const to = find(server, this.#pipeline, sink.id);
      for (const each of kind ? [kind] : KINDS) if (to.sources.get(each) === from) to.sources.delete(each);
    });
  }

  setMaxVideoSendBandwidth(): Promise<void> {
    return this.#on('setMaxVideoSendBandwidth', () => {});
  }

  setMaxVideoRecvBandwidth(): Promise<void> {
    return this.#on('setMaxVideoRecvBandwidth', () => {});
  }

  sources(): Promise<Partial<Record<MediaKind, string>>> {
    return this.#on('getSourceConnections', (endpoint) =>
      Object.fromEntries([...endpoint.sources].map(([kind, { id }]) => [kind, id])),
    );
  }

  async retell(): Promise<void> {
    const { state, flowing, direction } = await this.#on('getConnectionState', (endpoint) => ({ ...endpoint }));
    if (state === 'connected') this.emit('connected');
    if (direction === 'publish') for (const kind of KINDS) this.emit('flow', { direction: 'out', kind, flowing });
  }

  release(): Promise<void> {
    return this.#call('release', (server) => release(server, this.#pipeline, this.id));
  }

  #on<T>(what: string, perform: (endpoint: KurentoEndpoint) => T): Promise<T> {
    return this.#call(`${what} ${this.id}`, (server) => perform(find(server, this.#pipeline, this.id)));
  }

  #hear(told: Told): void {
    const { name, args } = told;
    // The emitter's types cannot follow that a name and its arguments belong together.
    Reflect.apply(this.emit, this, [name, ...args]);
  }
}

function find(server: KurentoServer, pipeline: string, id: string): KurentoEndpoint {
  const endpoint = server.pipelines.get(pipeline)?.endpoints.get(id);
  if (!endpoint) throw notFound(id);
  return endpoint;
}

function release(server: KurentoServer, pipeline: string, id: string): void {
  const endpoint = server.pipelines.get(pipeline)?.endpoints.get(id);
  if (endpoint) server.releaseEndpoint(endpoint);
}

function notFound(id: string): MediaServerError {
  return new MediaServerError('rejected', `Object '${id}' not found`, { kurentoCode: 40101 });
}
