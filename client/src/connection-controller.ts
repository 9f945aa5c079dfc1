import {
  type Connection,
  type ConnectionAnswer,
  MAX_CONNECTIONS,
  type PublicationName,
  type TrickledCandidates,
  type VideoCodec,
} from '@hyperroom/protocol';
import { MediaConnection } from './media-connection.ts';
import type { Offering, PeerConnections, Sending } from './peer-connections.ts';

/** What connection objects may measure in one frame: API Gateway closes a socket over a larger frame than 32 KiB. */
const FRAME_BUDGET = 27_000;

/** Of the offers to receive made together, those likely to be answered at once. */
const EARLY = 2;

/** Milliseconds that a connection which shows nothing any more is kept: the word that it shows somebody else may be on its way. */
export const LINGER = 1_000;

export interface ControllerOptions {
  /** The hyperty that reports the connections. */
  owner: string;
  /** A new connection address. */
  newUrl: () => string;
  /** Where peer connections come from. */
  peers: PeerConnections;
  /** Hears of candidates that must be sent after their offer. */
  onCandidates: (candidates: TrickledCandidates) => void;
  /** Hears that what is shown of somebody may have changed. */
  onTracks: () => void;
}

/** A participant's peer connections: those that publish, and a pool of those that receive. */
export class ConnectionController {
  readonly #options: ControllerOptions;
  readonly #connections = new Map<string, MediaConnection>();
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  #closed = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** Makes new connections, offers ready: one that publishes, if there are tracks to, and `receive` spare ones. Rejects with `codec-unsupported`. */
  async prepare(receive: number, codec: VideoCodec, sending?: Sending): Promise<MediaConnection[]> {
    const offerings = await this.#options.peers.take(receive, codec, sending);
    if (this.#closed) {
      for (const { pc } of offerings) pc.close();
      return [];
    }
    const early = offerings.findIndex(({ direction }) => direction === 'receive') + EARLY;
    const connections = offerings.map((offering, index) => this.#add(offering, index < early));
    await Promise.all(connections.map(({ ready }) => ready));
    return connections;
  }

  /** The objects to send for connections, with the candidates that their offers have by now. */
  describe(connections: MediaConnection[]): Connection[] {
    return connections.map((connection) => connection.describe(this.#options.owner));
  }

  /** Applies answers that follow from the room's `version`, those that show somebody first. */
  accept(answers: ConnectionAnswer[], version: number): void {
    for (const answer of answers) if (answer.peer) this.#accept(answer, version);
    for (const answer of answers) if (!answer.peer) this.#accept(answer, version);
  }

  /** The connection that shows a publication. */
  showing(peer: string, publication: PublicationName): MediaConnection | undefined {
    return this.#receiving.find((connection) => connection.peer === peer && connection.publication === publication);
  }

  /** The connection that sends a publication; the newest, while one replaces another. */
  sending(publication: PublicationName): MediaConnection | undefined {
    return [...this.#connections.values()].findLast(
      (connection) => connection.direction === 'publish' && connection.publication === publication,
    );
  }

  /** Those that send a publication, or show one. */
  get inUse(): MediaConnection[] {
    return [...this.#connections.values()].filter(({ direction, peer }) => direction === 'publish' || peer);
  }

  /** How many connections receive, or may be made to. */
  get receivers(): number {
    return this.#receiving.length;
  }

  /** Lets go of what shows a publication that is not there as of `version`; one that the room has yet to hear of is waited for. */
  prune(version: number, isPublished: (peer: string, publication: PublicationName) => boolean): void {
    for (const connection of this.#receiving) {
      const { url, peer, publication = 'main', boundAt } = connection;
      if (!peer || boundAt > version || isPublished(peer, publication)) continue;
      connection.release();
      const drop = () => this.drop(url);
      this.#lingering.set(url, setTimeout(drop, LINGER));
    }
  }

  drop(url: string): void {
    this.#stay(url);
    this.#connections.get(url)?.close();
    this.#connections.delete(url);
  }

  /** Closes all connections; others may be made. */
  clear(): void {
    for (const url of this.#connections.keys()) this.drop(url);
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  get #receiving(): MediaConnection[] {
    return [...this.#connections.values()].filter(
      ({ direction, url }) => direction === 'receive' && !this.#lingering.has(url),
    );
  }

  #stay(url: string): void {
    clearTimeout(this.#lingering.get(url));
    this.#lingering.delete(url);
  }

  #add(offering: Offering, gathersEarly: boolean): MediaConnection {
    const { newUrl, onCandidates } = this.#options;
    const connection = new MediaConnection({
      url: newUrl(),
      offering,
      gathersEarly,
      onCandidates: (url, iceCandidates) => onCandidates({ url, iceCandidates }),
    });
    this.#connections.set(connection.url, connection);
    return connection;
  }

  async #accept(answer: ConnectionAnswer, version: number): Promise<void> {
    const { url, peer, publication = 'main', connectionDescription, error } = answer;
    const connection = this.#connections.get(url);
    if (!connection) return;
    if (error !== undefined) return this.drop(url);
    if (peer && connection.direction === 'receive' && version >= connection.boundAt) {
      this.#stay(url);
      connection.bind(peer, publication, version);
    }
    // What the browser cannot apply is of no use, and must not keep a place among the spares.
    if (connectionDescription) await connection.accept(connectionDescription).catch(() => this.drop(url));
    if (connection.peer) this.#options.onTracks();
  }
}

/** Cuts a list of connection objects into lists that each fit one frame. */
export function inFrames(connections: Connection[]): Connection[][] {
  const frames: Connection[][] = [];
  let room = 0;
  for (const connection of connections) {
    const size = new TextEncoder().encode(JSON.stringify(connection)).length;
    const frame = frames.at(-1);
    if (!frame || size > room || frame.length === MAX_CONNECTIONS) {
      frames.push([connection]);
      room = FRAME_BUDGET - size;
    } else {
      frame.push(connection);
      room -= size;
    }
  }
  return frames;
}
