import { ROOM_ID } from '@hyperroom/protocol';
import { abortable } from './async.ts';
import { ConferenceHyperty } from './conference-hyperty.ts';
import { DataMessages } from './data-messages.ts';
import { HyperroomError } from './errors.ts';
import type { Hyperty, HypertyDescription } from './hyperty.ts';
import { standing } from './later.ts';
import { destinationOf, type Token } from './link/destination.ts';
import { disable } from './muting.ts';
import { PeerConnections } from './peer-connections.ts';
import { RegisteredHyperty, type SignallingServer } from './registered-hyperty.ts';
import type { Room } from './room.ts';
import type { Metadata, RoomOptions, Source, WaitingFor } from './types.ts';

const SOCKET_LIFETIME = 100 * 60_000;

/** What a client needs to know of its server. */
export interface HyperroomOptions {
  /** The signalling server: `wss://…` (`ws://…` on localhost). */
  url: string;
  /**
   * A Hyperroom token, or a function that gives one that is good at the moment, which is called for each socket: a room that outlasts its
   * token cannot come back from a lost socket without another. Default: anonymous, where the server allows it.
   */
  token?: Token;
  /** The reTHINK domain that the server answers for. Default: the hostname in `url`. */
  domain?: string;
  /** How many participants a join can show without a second request: offers to receive that travel with it. Default 7. */
  pool?: number;
  /** Milliseconds, more or less, after which a room's socket is replaced by another, before the server closes it. Default 100 minutes: API Gateway closes it after two hours. */
  socketLifetime?: number;
  /** Default: the browser's. */
  WebSocket?: typeof WebSocket;
  /** Default: the browser's. */
  RTCPeerConnection?: typeof RTCPeerConnection;
}

/** What a participant brings along, and wants. */
export interface JoinOptions {
  /** The name that others see: 1 to 128 characters. */
  name: string;
  /** What to publish as `main`: its first audio and its first video track. It stays the caller's to stop. Default: nothing, for now. */
  stream?: MediaStream;
  /**
   * Creates the room if there is none, run as the options say; `true`: with all defaults (50 participants, VP8, 2000 kbit/s, `lastN` 7, no
   * history, no waiting room). Who creates a room is its moderator. Default: a room that is not there is `not-found`.
   */
  create?: true | RoomOptions | undefined;
  /** Sources that are muted from the start. Default: none. */
  muted?: readonly Source[];
  /** What the application says of this participant: texts by key, at most 1 KiB as JSON. Default: what the token says. */
  metadata?: Metadata;
  /** `auto`: what others publish is received as far as the room's `lastN` goes. `chosen`: only what is subscribed to. Default `auto`. */
  subscribe?: 'auto' | 'chosen';
  /**
   * Called when something has to happen first, until which `join` stays pending. `moderator`: one has to admit this participant. `media`:
   * there is no media server as yet, and one is being started, which takes a minute or two; called again each time that it has been looked
   * for in vain, for five minutes at the most.
   */
  onWaiting?: (what: WaitingFor) => void;
  /** Aborts the join, or the wait: it rejects with the signal's reason and leaves nothing behind. */
  signal?: AbortSignal;
}

/** What a hyperty is connected with. */
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
    this.#server = {
      ...destinationOf(options.url, options.token),
      domain: options.domain ?? new URL(options.url).hostname,
      WebSocket: options.WebSocket ?? WebSocket,
      socketLifetime: options.socketLifetime ?? SOCKET_LIFETIME,
    };
    this.#pool = options.pool ?? 7;
    // Outside browsers there may be none, which matters only to a join.
    this.#peers = new PeerConnections(options.RTCPeerConnection ?? globalThis.RTCPeerConnection);
  }

  /**
   * Makes ahead what the next join would make, and loads what a room needs of this SDK: call it while people look at their own picture,
   * and a join saves some 50 milliseconds. Nothing else reaches the network; never necessary.
   *
   * Rejects with a `HyperroomError`: `connection-refused` (that could not be loaded; a join tries again).
   */
  async prepare(): Promise<void> {
    await Promise.all([standing(), this.#peers.prepare(this.#pool)]);
  }

  /**
   * Joins a room.
   *
   * Rejects with a `HyperroomError`: `not-found` (and creation not asked for), `room-full`, `locked`, `waiting-refused`, `conflict`
   * (the same user is there, and the room does not replace users), `forbidden` (the token does not allow it, or this user was
   * removed), `unauthorized`, `token-expired`, `codec-unsupported`, `too-fast`, `no-media-node`, `connection-refused`,
   * `connection-lost`, `timeout` (15 seconds, not counting a wait to be admitted, or for a media server to start), `bad-request`; or with the reason of `signal`.
   */
  async join(roomId: string, options: JoinOptions): Promise<Room> {
    const { stream, muted = [], metadata, subscribe = 'auto', onWaiting, signal } = options;
    signal?.throwIfAborted();
    if (!ROOM_ID.test(roomId)) {
      throw new HyperroomError('bad-request', 'a room id has 1 to 128 letters, digits or . _ ~ -');
    }
    const request = {
      roomId,
      name: options.name,
      create: options.create === true ? {} : options.create,
      auto: subscribe === 'auto',
    };
    const belongings = {
      sending: stream ? [{ publication: 'main' as const, stream }] : [],
      muted,
      metadata,
    };
    if (stream) disable('main', stream, muted);
    const settings = { server: this.#server, pool: this.#pool, peers: this.#peers };
    const conference = new ConferenceHyperty(settings, request, belongings);
    // From here on nothing that is written to this participant is missed.
    const messages = new DataMessages(conference);
    if (onWaiting) conference.on('waiting', onWaiting);
    const [{ JoinedRoom }] = await Promise.all([standing(), conference.join(signal)]);
    return new JoinedRoom({ conference, messages, stream, muted });
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
    const hyperty = new RegisteredHyperty(this.#server, description);
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
