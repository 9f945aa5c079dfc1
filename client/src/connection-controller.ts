import {
  type Connection,
  type ConnectionAnswer,
  type ConnectionsBody,
  MAX_CONNECTIONS,
  type PublicationName,
  type TrickledCandidates,
  type VideoCodec,
} from '@hyperroom/protocol';
import { batches } from './frames.ts';
import { MediaConnection } from './media-connection.ts';
import type { Offering, PeerConnections, Sending } from './peer-connections.ts';

/** What connection objects may measure in one frame: API Gateway closes a socket over a larger frame than 32 KiB. */
const FRAME_BUDGET = 27_000;

/** Of the offers to receive made together, those likely to be answered at once. */
const EARLY = 2;

/** Milliseconds that a connection which shows nothing any more is kept: the word that it shows somebody else may be on its way. */
export const LINGER = 1_000;

/** What the server says of connections. */
type Answers = Pick<ConnectionsBody, 'connections' | 'iceServers'>;

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
  /** Hears that a connection's transport is in another state. */
  onTransport: (state: RTCPeerConnectionState) => void;
  /** Hears of a connection that the server, as of the room's `version`, shows somebody by though there is none here. */
  onUnknown: (url: string, version: number) => void;
}

/** A participant's peer connections: those that publish, and a pool of those that receive. */
export class ConnectionController {
  readonly #options: ControllerOptions;
  readonly #connections = new Map<string, MediaConnection>();
  readonly #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  #epoch: number | undefined;
  #answeredAsOf = 0;
  #closed = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** Where peer connections come from. */
  get peers(): PeerConnections {
    return this.#options.peers;
  }

  /** Makes new connections, offers ready: one that publishes, if there are tracks to, and `receive` spare ones. Rejects with `codec-unsupported`. */
  async prepare(receive: number, codec: VideoCodec, sending?: Sending): Promise<MediaConnection[]> {
    const offerings = await this.peers.take(receive, codec, sending);
    if (this.#closed) {
      for (const { pc } of offerings) pc.close();
      return [];
    }
    const early = offerings.findIndex(({ direction }) => direction === 'receive') + EARLY;
    const connections = offerings.map((offering, index) => this.#add(offering, index < early));
    await Promise.all(connections.map(({ ready }) => ready));
    return connections;
  }

  /**
   * Makes a connection that takes over from another: from a receiving one, if there is none of that address. Rejects with
   * `codec-unsupported`.
   */
  async succeed(url: string, codec: VideoCodec): Promise<MediaConnection | undefined> {
    const before = this.#connections.get(url);
    const [offering] = await this.peers.take(before?.sending ? 0 : 1, codec, before?.sending);
    if (!offering || this.#closed) {
      offering?.pc.close();
      return undefined;
    }
    const connection = this.#add(offering, true);
    connection.replaces = url;
    if (before) connection.follow(before);
    await connection.ready;
    return connection;
  }

  /** The objects to send for connections, with the candidates that their offers have by now; `epoch`: of the room, if this is no join. */
  describe(connections: MediaConnection[], epoch?: number): Connection[] {
    return connections.map((connection) => {
      connection.epoch = epoch;
      return connection.describe(this.#options.owner);
    });
  }

  /** Applies answers that follow from the room's `version`, those that show somebody first. */
  accept({ connections: answers, iceServers }: Answers, version: number): void {
    if (iceServers) this.peers.iceServers = iceServers;
    this.#answeredAsOf = Math.max(this.#answeredAsOf, version);
    for (const answer of answers) if (answer.peer) this.#accept(answer, version);
    for (const answer of answers) if (!answer.peer) this.#accept(answer, version);
  }

  /** The newest version of the room that any answer follows from. */
  get answeredAsOf(): number {
    return this.#answeredAsOf;
  }

  /** The room that is joined is in that epoch, and what has been offered to join it with it. */
  enter(epoch: number): void {
    this.#epoch = epoch;
    for (const connection of this.#connections.values()) connection.epoch ??= epoch;
  }

  /** From now on the room is in that epoch: what was offered before is over. */
  follow(epoch: number): void {
    this.#epoch = epoch;
  }

  get(url: string): MediaConnection | undefined {
    return this.#connections.get(url);
  }

  /** Those that nothing takes the place of. */
  get current(): MediaConnection[] {
    return this.#all.filter((connection) => !this.#isOutgoing(connection));
  }

  /** Those that others take the place of, or will: they go on until these do what they did. */
  get outgoing(): MediaConnection[] {
    return this.#all.filter((connection) => this.#isOutgoing(connection));
  }

  /** What takes the place of an outgoing one, as far as it is known. */
  successorOf({ url, direction, peer, publication }: MediaConnection): MediaConnection | undefined {
    const alike = this.current.filter((each) => each.direction === direction);
    if (direction === 'publish') return alike.find((each) => each.publication === publication);
    const successor = alike.find(({ replaces }) => replaces === url);
    return successor ?? alike.find((each) => peer && each.peer === peer && each.publication === publication);
  }

  /** The connection that shows a publication: the one before, while another is about to take over from it. */
  showing(peer: string, publication: PublicationName): MediaConnection | undefined {
    return this.#receiving.find((connection) => connection.peer === peer && connection.publication === publication);
  }

  /** The connection that sends a publication; the newest, while one replaces another. */
  sending(publication: PublicationName): MediaConnection | undefined {
    return this.publishing(publication).at(-1);
  }

  /** All that send a publication, the newest last. */
  publishing(publication: PublicationName): MediaConnection[] {
    return this.#all.filter((each) => each.direction === 'publish' && each.publication === publication);
  }

  /** Those that send a publication, or show one: one each. */
  get inUse(): MediaConnection[] {
    return this.#all.filter((connection) => {
      const { direction, peer, publication = 'main' } = connection;
      if (direction === 'publish') return inUseOf(this.publishing(publication)) === connection;
      return peer && this.showing(peer, publication) === connection;
    });
  }

  /** How many connections receive, or may be made to. */
  get receivers(): number {
    return this.current.filter(({ direction }) => direction === 'receive').length;
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

  /** Ends a publication. */
  unpublish(publication: PublicationName): void {
    for (const { url } of this.publishing(publication)) this.drop(url);
  }

  /** Closes all connections; others may be made, in another room. */
  clear(): void {
    this.#answeredAsOf = 0;
    for (const url of this.#connections.keys()) this.drop(url);
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** But for those that are about to go because they show nothing any more. */
  get #all(): MediaConnection[] {
    return [...this.#connections.values()].filter(({ url }) => !this.#lingering.has(url));
  }

  get #receiving(): MediaConnection[] {
    return this.#all.filter(({ direction }) => direction === 'receive');
  }

  #isOutgoing(connection: MediaConnection): boolean {
    const { url, direction, publication = 'main', epoch } = connection;
    if (direction === 'publish') return this.sending(publication) !== connection;
    const isOver = epoch !== undefined && epoch !== this.#epoch;
    return isOver || this.#all.some(({ replaces }) => replaces === url);
  }

  #stay(url: string): void {
    clearTimeout(this.#lingering.get(url));
    this.#lingering.delete(url);
  }

  #add(offering: Offering, gathersEarly: boolean): MediaConnection {
    const { newUrl, onCandidates, onTransport } = this.#options;
    const connection = new MediaConnection({
      url: newUrl(),
      offering,
      gathersEarly,
      onCandidates: (url, iceCandidates) => onCandidates({ url, iceCandidates }),
      onTransport,
    });
    this.#connections.set(connection.url, connection);
    return connection;
  }

  async #accept(answer: ConnectionAnswer, version: number): Promise<void> {
    const { url, peer, publication = 'main', connectionDescription, error } = answer;
    const connection = this.#connections.get(url);
    if (!connection) return peer && error === undefined ? this.#options.onUnknown(url, version) : undefined;
    if (error !== undefined) return this.drop(url);
    if (connectionDescription) connection.answered(version);
    if (peer && connection.direction === 'receive' && version >= connection.boundAt) {
      this.#stay(url);
      connection.bind(peer, publication, version);
    }
    // What the browser cannot apply is of no use, and must not keep a place among the spares.
    if (connectionDescription) await connection.accept(connectionDescription).catch(() => this.drop(url));
    if (connection.peer) this.#options.onTracks();
  }
}

/** Of those that send a publication the newest that does so already. */
export function inUseOf(sending: MediaConnection[]): MediaConnection | undefined {
  return sending.findLast(({ transport }) => transport === 'connected') ?? sending.at(-1);
}

/** Cuts a list of connection objects into lists that each fit one frame. */
export function inFrames(connections: Connection[]): Connection[][] {
  return batches(connections, FRAME_BUDGET, MAX_CONNECTIONS);
}
