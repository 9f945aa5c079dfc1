import { DisplayName, RoomId, type RoomOptions } from '@hyperroom/protocol';
import * as v from 'valibot';
import { ConferenceHyperty } from './conference-hyperty.ts';
import { HyperroomError } from './errors.ts';
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

/** Made in a few milliseconds, where RSA takes hundreds. */
const ECDSA: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** Rooms of one signalling server. */
export class Hyperroom {
  readonly #url: string;
  readonly #domain: string;
  readonly #pool: number;
  readonly #WebSocket: typeof WebSocket;
  readonly #RTCPeerConnection: typeof RTCPeerConnection;
  #certificate: Promise<RTCCertificate> | undefined;

  constructor(options: HyperroomOptions) {
    const url = new URL(options.url);
    this.#domain = options.domain ?? url.hostname;
    if (options.token !== undefined) url.searchParams.set('token', options.token);
    this.#url = url.href;
    this.#pool = options.pool ?? 7;
    this.#WebSocket = options.WebSocket ?? WebSocket;
    this.#RTCPeerConnection = options.RTCPeerConnection ?? RTCPeerConnection;
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
        url: this.#url,
        domain: this.#domain,
        pool: this.#pool,
        WebSocket: this.#WebSocket,
        RTCPeerConnection: this.#RTCPeerConnection,
        certificate: this.#sharedCertificate(),
      },
      { roomId: checked(RoomId, roomId), name, stream, create },
    );
    await conference.join(signal);
    return new Room(conference, stream);
  }

  #sharedCertificate(): Promise<RTCCertificate> {
    this.#certificate ??= this.#RTCPeerConnection.generateCertificate(ECDSA);
    return this.#certificate;
  }
}

function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new HyperroomError('bad-request', parsed.issues[0].message);
}
