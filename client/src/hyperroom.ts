import { DisplayName, RoomId, type RoomOptions } from '@hyperroom/protocol';
import * as v from 'valibot';
import { abortable } from './async.ts';
import { ConferenceHyperty } from './conference-hyperty.ts';
import { HyperroomError } from './errors.ts';
import { Hyperty, type HypertyDescription, type SignallingServer } from './hyperty.ts';
import { PeerConnections } from './peer-connections.ts';
import { Room } from './room.ts';

export interface HyperroomOptions {
  /** The signalling server: `wss://…` (`ws://…` on localhost). */
  url: string;
  /** A Hyperroom token. Default: anonymous, where the server allows it. */
  token?: string;
  /** The reTHINK domain that the server answers for. Default: the hostname in `url`. */
  domain?: string;
  /** How many participants a join can show without a second request: offers to receive that travel with it. Default 7. */
  pool?: number;
  /** Default: the browser's. */
  WebSocket?: typeof WebSocket;
  /** Default: the browser's. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

export interface JoinOptions {
  /** The name that others see: 1 to 128 characters. */
  name: string;
  /** What to publish: its first audio and its first video track. It stays the caller's to stop. Default: receive only. */
  stream?: MediaStream;
  /** Creates the room if there is none; `capacity` is the most participants that it takes (1 to 100, default 50). Default: `not-found`. */
  create?: true | RoomOptions;
  /** Aborts the join: it rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
}

export interface ConnectOptions extends HypertyDescription {
  /** Aborts connecting: it rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
}

/** One signalling server: its rooms, and hyperties of one's own. */
export class Hyperroom {
  readonly #server: SignallingServer;
  readonly #pool: number;
  readonly #peers: PeerConnections;

  constructor(options: HyperroomOptions) {
    const url = new URL(options.url);
    if (options.token !== undefined) url.searchParams.set('token', options.token);
    this.#server = {
      url: url.href,
      domain: options.domain ?? url.hostname,
      WebSocket: options.WebSocket ?? WebSocket,
    };
    this.#pool = options.pool ?? 7;
    // Outside browsers there may be none, which matters only to a join.
    this.#peers = new PeerConnections(options.RTCPeerConnection ?? globalThis.RTCPeerConnection);
  }

  /**
   * Makes ahead what the next join would make: call it while people look at their own picture, and a join saves some
   * 50 milliseconds. Nothing reaches the network; never necessary.
   */
  prepare(): Promise<void> {
    return this.#peers.prepare(this.#pool);
  }

  /**
   * Joins a room.
   *
   * Rejects with a `HyperroomError`: `not-found` (and creation not asked for), `room-full`, `forbidden`, `unauthorized`,
   * `locked`, `too-fast`, `no-media-node`, `connection-refused`, `connection-lost`, `timeout` (15 seconds); or with the
   * reason of `signal`.
   */
  async join(roomId: string, options: JoinOptions): Promise<Room> {
    const { stream, signal } = options;
    signal?.throwIfAborted();
    const name = checked(DisplayName, options.name);
    const create = options.create === true ? {} : options.create;
    const conference = new ConferenceHyperty(
      {
        server: this.#server,
        pool: this.#pool,
        peers: this.#peers,
      },
      { roomId: checked(RoomId, roomId), name, stream, create },
    );
    await conference.join(signal);
    return new Room(conference, stream);
  }

  /**
   * Connects a hyperty of its own, registered with the domain: for the Syncher (`@hyperroom/client/syncher`), and for
   * messages to other hyperties.
   *
   * Rejects with a `HyperroomError`: `connection-refused`, `connection-lost`, `forbidden` (its `url` is another user's),
   * `bad-request` (its `url` is of another domain), `timeout` (15 seconds); or with the reason of `signal`.
   */
  async connect({ signal, ...description }: ConnectOptions = {}): Promise<Hyperty> {
    signal?.throwIfAborted();
    const hyperty = new Hyperty(this.#server, description);
    const registered = hyperty.bus.opened.then(() => Promise.all(hyperty.register()));
    try {
      await abortable(registered, signal);
    } catch (error) {
      hyperty.disconnect();
      throw error;
    }
    return hyperty;
  }
}

function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new HyperroomError('bad-request', parsed.issues[0].message);
}
