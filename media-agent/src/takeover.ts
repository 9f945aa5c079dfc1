import type { MediaKind } from '@hyperroom/protocol';
import {
  type EndpointRecord,
  type HeldEndpoint,
  type HeldRoom,
  type Holdings,
  optionsOf,
  type RoomRecord,
} from './holdings.ts';
import { type Endpoint, type MediaPort, MediaServerError, type Pipeline } from './kurento/index.ts';
import { type Log, reasonOf } from './log.ts';
import type { AgentEvent } from './rooms/events.ts';
import type { EndpointRef, Flow, RoomKey } from './rooms/state.ts';

export interface TakeoverOptions {
  server: Pick<MediaPort, 'adoptPipeline'>;
  holdings: Holdings;
  /** Has the events of an endpoint told as its. */
  follow: (ref: EndpointRef, endpoint: Endpoint) => void;
  emit: (event: AgentEvent) => void;
  log: Log;
}

/** Goes on with what was at the media server before, made by another process or before the connection broke. */
export class Takeover {
  readonly #options: TakeoverOptions;

  constructor(options: TakeoverOptions) {
    this.#options = options;
  }

  /** Gives what is not there any more. `open` are the rooms that ought to have a pipeline, recorded or not. */
  async adopt(records: readonly RoomRecord[], open: Iterable<RoomKey>): Promise<EndpointRef[]> {
    const { holdings } = this.#options;
    for (const key of open) holdings.open(key);
    return (await Promise.all(records.map((record) => this.#adoptRoom(record)))).flat();
  }

  /** Asks how everything is: what has happened in between was told to nobody. */
  async retell(): Promise<void> {
    const rooms = [...this.#options.holdings.rooms.values()];
    await Promise.all(rooms.map((room) => this.#retellRoom(room)));
  }

  async #adoptRoom({ key, pipeline: id, endpoints }: RoomRecord): Promise<EndpointRef[]> {
    const { server, holdings, log } = this.#options;
    const room = holdings.open(key);
    try {
      const pipeline = await server.adoptPipeline(id);
      Object.assign(room, { pipeline: Promise.resolve(pipeline), id });
      return (await Promise.all(endpoints.map((record) => this.#adoptEndpoint(key, pipeline, record)))).flat();
    } catch (error) {
      log.warn('pipeline not adopted', { room: key, reason: reasonOf(error) });
      return endpoints.map(({ stay, url }) => ({ room: key, stay, url }));
    }
  }

  async #adoptEndpoint(room: RoomKey, pipeline: Pipeline, record: EndpointRecord): Promise<EndpointRef[]> {
    const { holdings, follow, log } = this.#options;
    const { stay, url, direction, id, watched } = record;
    const ref = { room, stay, url };
    try {
      const endpoint = await pipeline.adoptEndpoint(id, { ...optionsOf(ref, direction), watched });
      follow(ref, endpoint);
      holdings.add(ref, direction, Promise.resolve(endpoint)).answered = endpoint;
      return [];
    } catch (error) {
      log.warn('endpoint not adopted', { ...ref, reason: reasonOf(error) });
      return [ref];
    }
  }

  async #retellRoom({ endpoints }: HeldRoom): Promise<void> {
    const held = [...endpoints.values()];
    const refs = new Map(held.flatMap(({ answered, ref }) => (answered ? [[answered.id, ref] as const] : [])));
    await Promise.all(held.map((endpoint) => this.#retellEndpoint(endpoint, refs)));
  }

  async #retellEndpoint(held: HeldEndpoint, refs: ReadonlyMap<string, EndpointRef>): Promise<void> {
    const { answered, ref, direction } = held;
    if (!answered) return;
    try {
      await answered.retell();
      if (direction !== 'receive') return;
      const { wiring } = held;
      held.wiring = wiring.then(() => this.#retellWiring(ref, answered, refs));
      await held.wiring;
    } catch (error) {
      this.#options.log.warn('state not read', { ...ref, reason: reasonOf(error) });
      const isGone = error instanceof MediaServerError && error.code === 'rejected';
      if (isGone) this.#options.emit({ type: 'missing', endpoint: ref });
    }
  }

  async #retellWiring(
    endpoint: EndpointRef,
    receiver: Endpoint,
    refs: ReadonlyMap<string, EndpointRef>,
  ): Promise<void> {
    const flows = new Map<string, Flow>();
    for (const [kind, source] of Object.entries(await receiver.sources()) as [MediaKind, string][]) {
      const from = refs.get(source);
      if (from) flows.set(source, { from, kinds: [...(flows.get(source)?.kinds ?? []), kind] });
    }
    this.#options.emit({ type: 'wired', endpoint, flows: [...flows.values()] });
  }
}
