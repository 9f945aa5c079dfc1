import {
  type Answer,
  type Connection,
  type Direction,
  type IceCandidate,
  MEDIA_KINDS,
  type MediaKind,
  type PublicationName,
  SCHEMAS,
} from '@hyperroom/protocol';
import type { Offering, Sending } from './peer-connections.ts';
import { plainlyOffered } from './sdp.ts';
import { newObject } from './syncher/data-object.ts';

/** Milliseconds after its answer that a connection may take before the candidates that its offer lacked are sent after it. */
const TRICKLE_AFTER = 1_000;

export interface MediaConnectionOptions {
  url: string;
  /** The peer connection, from now on this one's. */
  offering: Offering;
  /** Whether to gather candidates before there is an answer: sooner connected, but it costs time and ports at once. */
  gathersEarly: boolean;
  /** Hears of candidates that its offer lacked, if it does not connect without them. */
  onCandidates: (url: string, candidates: IceCandidate[]) => void;
  /** Hears that its transport is in another state. */
  onTransport: (state: RTCPeerConnectionState) => void;
}

/** One peer connection with the media server, from the offer on: it sends one publication, or shows one of somebody else's. */
export class MediaConnection {
  readonly url: string;
  readonly direction: Direction;
  /** Which publication it sends, or shows. */
  publication: PublicationName | undefined;
  /** Whom a receiving connection shows; null while it is spare. */
  peer: string | null = null;
  /** The room's version that `peer` follows from. */
  boundAt = 0;
  /** The room's version that its answer follows from; undefined until it is answered. */
  answeredAt: number | undefined;
  /** The epoch of the room that it was offered in; undefined until that is known. */
  epoch: number | undefined;
  /** The address of the connection that it takes over from. */
  replaces: string | undefined;
  /** When it was made, as `performance.now()` says. */
  readonly made = performance.now();
  /** When its transport came into its state; how long its answer takes says nothing of that. */
  since = Infinity;
  /** Whether its transport has ever stood. */
  hasStood = false;
  /** The relays that it may go by. */
  readonly relays: string;
  /** Resolves when it can be described. */
  readonly ready: Promise<void>;
  /** What it receives, once answered. */
  tracks: readonly MediaStreamTrack[] = [];

  readonly #pc: RTCPeerConnection;
  readonly #sends: PublicationName | undefined;
  readonly #onCandidates: MediaConnectionOptions['onCandidates'];
  #offer: RTCSessionDescriptionInit | undefined;
  #candidates: IceCandidate[] = [];
  #answered: Promise<void> | undefined;
  #trickling: ReturnType<typeof setTimeout> | 'now' | undefined;
  #maxBitrate = Infinity;

  constructor({ url, offering, gathersEarly, onCandidates, onTransport }: MediaConnectionOptions) {
    this.url = url;
    this.direction = offering.direction;
    this.#sends = offering.publication;
    this.publication = offering.publication;
    this.#onCandidates = onCandidates;
    this.#pc = offering.pc;
    this.relays = offering.relays;
    this.#pc.onicecandidate = ({ candidate }) => candidate && this.#found(candidate);
    this.#pc.onconnectionstatechange = () => {
      this.since = performance.now();
      this.hasStood ||= this.transport === 'connected';
      onTransport(this.transport);
    };
    this.ready = this.#prepare(offering.offer, gathersEarly);
  }

  /**
   * The data object that this page reports of it, to be created by the request that carries it: its offer has the
   * candidates gathered so far. Its later versions travel in the conference's own messages.
   */
  describe(reporter: string): Connection {
    this.#candidates = [];
    const { sdp = '' } = this.#pc.localDescription ?? this.#offer ?? {};
    const data: Connection['data'] = {
      status: 'new',
      owner: reporter,
      peer: null,
      direction: this.direction,
      ...(this.#sends && { publication: this.#sends }),
      ...(!this.#sends && this.replaces && { replaces: this.replaces }),
      connectionDescription: { type: 'offer', sdp: plainlyOffered(sdp) },
      iceCandidates: [],
    };
    return newObject({ url: this.url, reporter, schema: SCHEMAS.connection, data });
  }

  /** As of the room's `version` it shows a publication of `peer`. */
  bind(peer: string, publication: PublicationName, version: number): void {
    this.peer = peer;
    this.publication = publication;
    this.boundAt = version;
  }

  /** It shows nothing any more. */
  release(): void {
    this.peer = null;
  }

  /** It is answered, which follows from the room's `version`. */
  answered(version: number): void {
    if (this.answeredAt !== undefined) return;
    this.answeredAt = version;
    this.since = performance.now();
  }

  /** Applies the server's answer, the first that comes; rejects if it is unusable. */
  accept(answer: Answer): Promise<void> {
    this.#answered ??= this.#apply(answer);
    return this.#answered;
  }

  /** What sends one kind of media, if that is published. */
  sender(kind: MediaKind): RTCRtpSender | undefined {
    return this.#transceiver(kind, 'sendonly')?.sender;
  }

  /** What receives one kind of media. */
  receiver(kind: MediaKind): RTCRtpReceiver | undefined {
    return this.#transceiver(kind, 'recvonly')?.receiver;
  }

  get transport(): RTCPeerConnectionState {
    return this.#pc.connectionState;
  }

  /** What it sends at the moment, for another to send it as well. */
  get sending(): Sending | undefined {
    if (!this.#sends) return undefined;
    const kinds = MEDIA_KINDS.filter((kind) => this.sender(kind));
    const tracks = kinds.flatMap((kind) => this.sender(kind)?.track ?? []);
    return { publication: this.#sends, stream: new MediaStream(tracks), kinds };
  }

  /** It takes over from another. */
  follow(before: MediaConnection): void {
    this.#maxBitrate = before.#maxBitrate;
  }

  /** Sends video of at most that many kbit/s, from the answer on. */
  async limit(maxBitrate: number): Promise<void> {
    this.#maxBitrate = maxBitrate;
    await this.#answered;
    await this.#applyLimit();
  }

  getStats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  close(): void {
    if (this.#trickling !== 'now') clearTimeout(this.#trickling);
    this.#pc.onicecandidate = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  async #apply(answer: Answer): Promise<void> {
    if (!this.#pc.localDescription) await this.#pc.setLocalDescription(this.#offer);
    await this.#pc.setRemoteDescription(answer);
    this.tracks = this.#pc
      .getTransceivers()
      .filter((transceiver) => transceiver.currentDirection === 'recvonly')
      .map((transceiver) => transceiver.receiver.track);
    this.#trickling = setTimeout(() => this.#trickle(), TRICKLE_AFTER);
    // Without a limit it is no worse: the media server asks for no more than the room allows.
    this.#applyLimit().catch(() => {});
  }

  async #applyLimit(): Promise<void> {
    const sender = this.sender('video');
    if (!sender || this.#maxBitrate === Infinity) return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.maxBitrate = this.#maxBitrate * 1_000;
    await sender.setParameters(parameters);
  }

  #transceiver(kind: MediaKind, direction: RTCRtpTransceiverDirection): RTCRtpTransceiver | undefined {
    return this.#pc
      .getTransceivers()
      .find(({ direction: own, receiver }) => own === direction && receiver.track.kind === kind);
  }

  async #prepare(offer: Promise<RTCSessionDescriptionInit>, gathersEarly: boolean): Promise<void> {
    this.#offer = await offer;
    if (gathersEarly) await this.#pc.setLocalDescription(this.#offer);
  }

  #found({ candidate, sdpMid, sdpMLineIndex }: RTCIceCandidate): void {
    if (candidate === '') return;
    this.#candidates.push({ candidate, sdpMid, sdpMLineIndex });
    if (this.#trickling === 'now') this.#trickle();
  }

  /** A directly reachable server learns our addresses from our own checks, so candidates are sent only to one that did not. */
  #trickle(): void {
    this.#trickling = 'now';
    if (this.#pc.connectionState === 'connected' || this.#candidates.length === 0) return;
    this.#onCandidates(this.url, this.#candidates);
    this.#candidates = [];
  }
}
