import { Code, type Direction, type IceCandidate, MediaKind } from '@hyperroom/protocol';
import type { Counts } from './counts.ts';
import { Departures } from './departures.ts';
import { Holdings, optionsOf, type RoomRecord, TAG } from './holdings.ts';
import { type Endpoint, type MediaPort, MediaServerError, type Pipeline } from './kurento/index.ts';
import { type Log, reasonOf } from './log.ts';
import { Orphans } from './orphans.ts';
import type { ServerObjects } from './request-log.ts';
import type { AgentEvent } from './rooms/events.ts';
import type { EndpointRef, RoomKey } from './rooms/state.ts';
import { Takeover } from './takeover.ts';

export interface MediaExecutorOptions {
  server: Omit<MediaPort, 'on' | 'session' | 'resumed' | 'close'>;
  /** Whose pipelines these are: they carry it as a tag. */
  nodeId: string;
  /** How many endpoints may be at the media server at once. */
  capacity: number;
  emit: (event: AgentEvent) => void;
  counts: Counts;
  log: Log;
}

/** Carries out at the media server what has been decided, and tells how it went. */
export class MediaExecutor {
  readonly #options: MediaExecutorOptions;
  readonly #holdings = new Holdings();
  readonly #takeover: Takeover;
  readonly orphans: Orphans;
  /** What could not be released while the server was out of reach. */
  readonly #leftovers = new Set<Pipeline | Endpoint>();
  readonly #departures = new Departures();

  constructor(options: MediaExecutorOptions) {
    this.#options = options;
    const follow = (ref: EndpointRef, endpoint: Endpoint) => this.#follow(ref, endpoint);
    this.orphans = new Orphans({ ...options, holdings: this.#holdings });
    this.#takeover = new Takeover({ ...options, holdings: this.#holdings, follow });
  }

  get endpointCount(): number {
    return this.#holdings.endpointCount;
  }

  get roomCount(): number {
    return this.#holdings.rooms.size;
  }

  /** What the media server calls a room's pipeline, and those of its endpoints that are there. */
  objectsOf(room: RoomKey, endpoints: readonly EndpointRef[]): ServerObjects {
    const ids = endpoints.map((ref) => this.#holdings.find(ref)?.id ?? null);
    return { pipeline: this.#holdings.rooms.get(room)?.id ?? null, endpoints: ids.filter((id) => id !== null) };
  }

  /** What another process needs to go on with all this. */
  get record(): RoomRecord[] {
    return this.#holdings.record;
  }

  /** What another process has recorded. Gives what is not there any more. */
  adopt(records: readonly RoomRecord[], open: Iterable<RoomKey>): Promise<EndpointRef[]> {
    return this.#takeover.adopt(records, open);
  }

  /** To be called when events may have been missed. */
  retell(): Promise<void> {
    return this.#takeover.retell();
  }

  openRoom(key: RoomKey): void {
    this.#holdings.open(key);
    // A failure shows with the first offer, which tries again.
    this.#pipeline(key).catch((error) =>
      this.#options.log.warn('no pipeline yet', { room: key, reason: reasonOf(error) }),
    );
  }

  /** Its endpoints go with it. */
  async closeRoom(key: RoomKey): Promise<void> {
    const room = this.#holdings.rooms.get(key);
    this.#holdings.rooms.delete(key);
    if (!room) return;
    for (const { answering } of room.endpoints.values()) answering.abort();
    const released = this.#onceThere(room.pipeline, (pipeline) => this.#release(pipeline));
    this.#departures.add(room.endpoints.size, released);
    await released;
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#holdings.rooms.keys()].map((key) => this.closeRoom(key)));
  }

  async answer(ref: EndpointRef, direction: Direction, offer: string, maxBitrate: number): Promise<void> {
    const { emit } = this.#options;
    const created = this.#create(ref, direction);
    const held = this.#holdings.add(ref, direction, created);
    try {
      const endpoint = await created;
      // Copied when the transport starts, which is in processOffer: later it would have no effect. Kurento's own limit
      // to what it sends is 500 kbit/s; to what it receives there is none.
      if (direction === 'receive') await endpoint.setMaxVideoSendBandwidth(maxBitrate);
      else await endpoint.setMaxVideoRecvBandwidth(maxBitrate);
      const sdp = await endpoint.answer(offer, held.answering.signal);
      held.answered = endpoint;
      emit({ type: 'answered', endpoint: ref, sdp });
    } catch (error) {
      this.release(ref);
      emit({ type: 'unanswered', endpoint: ref, ...verdict(error) });
    }
  }

  async addCandidate(ref: EndpointRef, { candidate, sdpMid, sdpMLineIndex }: IceCandidate): Promise<void> {
    const endpoint = await this.#existing(ref);
    const refused = await endpoint?.addCandidate({
      candidate,
      sdpMid: sdpMid ?? '',
      sdpMLineIndex: sdpMLineIndex ?? 0,
    });
    if (refused) this.#options.log.warn('candidate refused', { ...ref, reason: refused.message });
  }

  link(from: EndpointRef, to: EndpointRef, kinds: readonly MediaKind[]): Promise<void> {
    return this.#rewire(from, to, kinds, (publication, receiver, kind) => publication.connectTo(receiver, kind));
  }

  unlink(from: EndpointRef, to: EndpointRef, kinds: readonly MediaKind[]): Promise<void> {
    return this.#rewire(from, to, kinds, (publication, receiver, kind) => publication.disconnectFrom(receiver, kind));
  }

  release(ref: EndpointRef): void {
    const endpoint = this.#holdings.remove(ref);
    if (!endpoint) return;
    endpoint.answering.abort();
    this.#departures.add(
      1,
      this.#onceThere(endpoint.created, (created) => this.#release(created)),
    );
  }

  /** To be called when the media server is back. */
  async releaseLeftovers(): Promise<void> {
    const leftovers = [...this.#leftovers];
    this.#leftovers.clear();
    await Promise.all(leftovers.map((object) => this.#release(object)));
  }

  #pipeline(key: RoomKey): Promise<Pipeline> {
    const room = this.#holdings.rooms.get(key);
    if (!room) throw new MediaServerError('session-lost', 'the room is closed');
    if (room.pipeline) return room.pipeline;
    const { server, nodeId } = this.#options;
    const created = server.createPipeline({ name: key, tags: { [TAG]: nodeId } });
    room.pipeline = created;
    created.then(
      ({ id }) => {
        room.id = id;
      },
      () => {
        if (room.pipeline === created) room.pipeline = null;
      },
    );
    return created;
  }

  async #create(ref: EndpointRef, direction: Direction): Promise<Endpoint> {
    const pipeline = await this.#pipeline(ref.room);
    const isWanted = () => this.#holdings.find(ref) !== undefined;
    const isFull = () => this.endpointCount + this.#departures.endpoints > this.#options.capacity;
    if (isWanted() && isFull()) await this.#departures.over();
    if (!isWanted()) throw new MediaServerError('session-lost', 'given up before it was created');
    const endpoint = await pipeline.createEndpoint(optionsOf(ref, direction));
    this.#follow(ref, endpoint);
    return endpoint;
  }

  #follow(ref: EndpointRef, endpoint: Endpoint): void {
    const { emit, counts, log } = this.#options;
    for (const state of ['connected', 'disconnected', 'closed'] as const) {
      endpoint.on(state, () => emit({ type: 'transport', endpoint: ref, state }));
    }
    endpoint.on('flow', ({ direction, kind, flowing }) => {
      if (direction === 'out') emit({ type: 'flow', endpoint: ref, kind, flowing });
    });
    endpoint.on('transcoding', ({ kind, transcoding }) => {
      if (!transcoding) return;
      counts.add('transcodings');
      log.warn('Kurento transcodes', { ...ref, kind, endpoint: endpoint.id });
    });
    endpoint.on('error', (error) => log.warn('endpoint failed', { ...ref, reason: error.message }));
  }

  async #rewire(
    from: EndpointRef,
    to: EndpointRef,
    kinds: readonly MediaKind[],
    call: (publication: Endpoint, receiver: Endpoint, kind?: MediaKind) => Promise<void>,
  ): Promise<void> {
    const held = this.#holdings.find(to);
    if (!held) return;
    const { log, emit } = this.#options;
    const { wiring } = held;
    held.wiring = wiring.then(async () => {
      const [publication, receiver] = await Promise.all([this.#existing(from), this.#existing(to)]);
      if (!publication || !receiver) return;
      try {
        // Without a kind Kurento does it for all of them.
        if (kinds.length === MediaKind.options.length) await call(publication, receiver);
        else for (const kind of kinds) await call(publication, receiver, kind);
      } catch (error) {
        // Given up in this very moment, most likely. If not, the receiver is: it might show what it must not, or
        // nothing. Its client sees it close and offers another.
        log.warn('receiver not rewired', { from, to, kinds, reason: reasonOf(error) });
        emit({ type: 'transport', endpoint: to, state: 'closed' });
      }
    });
    await held.wiring;
  }

  async #existing(ref: EndpointRef): Promise<Endpoint | undefined> {
    return this.#holdings.find(ref)?.created.catch(() => undefined);
  }

  async #onceThere<T>(created: Promise<T> | null, release: (object: T) => Promise<void>): Promise<void> {
    const object = await created?.catch(() => null);
    if (object) await release(object);
  }

  async #release(object: Pipeline | Endpoint): Promise<void> {
    try {
      await object.release();
    } catch (error) {
      // An object of a lost session is gone already. One that could not be reached may survive.
      if (error instanceof MediaServerError && error.code === 'session-lost') return;
      this.#leftovers.add(object);
      this.#options.log.warn('not released yet', { object: object.id, reason: reasonOf(error) });
    }
  }
}

/** Kurento's own refusal is about the offer; anything else is about Kurento. */
function verdict(error: unknown): { code: Code; reason: string } {
  const atFault = error instanceof MediaServerError && error.code === 'rejected';
  return { code: atFault ? Code.badRequest : Code.noMediaNode, reason: reasonOf(error) };
}
