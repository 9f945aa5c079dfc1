import { type Connection, type ConnectionAnswer, MAX_CONNECTIONS, type TrickledCandidates } from '@hyperroom/protocol';
import { MediaConnection } from './media-connection.ts';
import type { Offering, PeerConnections } from './peer-connections.ts';

/** What connection objects may measure in one frame: API Gateway closes a socket over a larger frame than 32 KiB. */
const FRAME_BUDGET = 27_000;

/** Of the offers to receive made together, those likely to be answered at once. */
const EARLY = 2;

export interface ControllerOptions {
  /** The hyperty that reports the connections. */
  owner: string;
  /** A new connection address. */
  newUrl: () => string;
  /** Where peer connections come from. */
  peers: PeerConnections;
  /** Hears of candidates that must be sent after their offer. */
  onCandidates: (candidates: TrickledCandidates) => void;
  /** Hears that `tracksOf` somebody may have changed. */
  onTracks: () => void;
}

/** A participant's peer connections: the one that publishes, and a pool of those that receive. */
export class ConnectionController {
  readonly #options: ControllerOptions;
  readonly #connections = new Map<string, MediaConnection>();
  #closed = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** Makes new connections, offers ready: one that publishes `stream`, if it has tracks, and `receive` spare ones. */
  async prepare(receive: number, stream?: MediaStream): Promise<MediaConnection[]> {
    const offerings = await this.#options.peers.take(receive, stream);
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

  /** The tracks received from a participant. */
  tracksOf(peer: string): MediaStreamTrack[] {
    return [...this.#connections.values()].flatMap((connection) => (connection.peer === peer ? connection.tracks : []));
  }

  isBound(peer: string): boolean {
    return [...this.#connections.values()].some((connection) => connection.peer === peer);
  }

  /** How many receiving connections show nobody yet. */
  get spare(): number {
    return [...this.#connections.values()].filter(({ direction, peer }) => direction === 'receive' && !peer).length;
  }

  /** Closes the connections whose peer is not in the room as of `version`; a peer that the room has yet to hear of is waited for. */
  prune(version: number, isPresent: (peer: string) => boolean): void {
    for (const { url, peer, boundAt } of this.#connections.values()) {
      if (peer && boundAt <= version && !isPresent(peer)) this.drop(url);
    }
  }

  drop(url: string): void {
    this.#connections.get(url)?.close();
    this.#connections.delete(url);
  }

  close(): void {
    this.#closed = true;
    for (const url of this.#connections.keys()) this.drop(url);
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

  async #accept({ url, peer, connectionDescription, error }: ConnectionAnswer, version: number): Promise<void> {
    const connection = this.#connections.get(url);
    if (!connection) return;
    if (error !== undefined) return this.drop(url);
    if (peer && connection.direction === 'receive') connection.bind(peer, version);
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
