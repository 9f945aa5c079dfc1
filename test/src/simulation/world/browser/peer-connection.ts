import type { Host } from '../aws/gateway.ts';
import { fragmentOf, offerOf } from '../media/sdp.ts';
import type { Peer, TransportState, Transports } from '../media/transports.ts';
import { SimulatedTrack } from './media.ts';

type Kind = 'audio' | 'video';
type Direction = 'sendonly' | 'recvonly';

interface Description {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

/** Where a page's peer connections lead. */
export interface Surroundings {
  readonly host: Host;
  readonly transports: Transports;
  readonly newFragment: () => string;
}

/** `RTCPeerConnection` on a page, as far as the SDK touches it. */
export function peerConnectionOf(surroundings: Surroundings): typeof RTCPeerConnection {
  const Bound = class extends SimulatedPeerConnection {
    constructor() {
      super(surroundings);
    }
  };
  return Bound as unknown as typeof RTCPeerConnection;
}

class SimulatedPeerConnection extends EventTarget implements Peer {
  static generateCertificate(): Promise<object> {
    return Promise.resolve({});
  }

  readonly fragment: string;
  readonly host: Host;
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  connectionState: RTCPeerConnectionState = 'new';
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  readonly #transports: Transports;
  readonly #transceivers: Transceiver[] = [];
  readonly #received = new Set<Kind>();

  constructor({ host, transports, newFragment }: Surroundings) {
    super();
    this.host = host;
    this.fragment = newFragment();
    this.#transports = transports;
    transports.add(this);
  }

  get iceConnectionState(): string {
    return this.connectionState === 'connecting' ? 'checking' : this.connectionState;
  }

  get signalingState(): RTCSignalingState {
    if (this.connectionState === 'closed') return 'closed';
    return this.localDescription && !this.remoteDescription ? 'have-local-offer' : 'stable';
  }

  get sends(): readonly Kind[] {
    return this.#transceivers.flatMap(({ sender, direction, kind }) =>
      direction === 'sendonly' && sender.track ? [kind] : [],
    );
  }

  addTransceiver(media: Kind | SimulatedTrack, { direction }: { direction: Direction }): Transceiver {
    const transceiver = new Transceiver(media, direction, this);
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): Transceiver[] {
    return [...this.#transceivers];
  }

  getSenders(): Sender[] {
    return this.#transceivers.map(({ sender }) => sender);
  }

  getReceivers(): Receiver[] {
    return this.#transceivers.map(({ receiver }) => receiver);
  }

  async createOffer(): Promise<Description> {
    const [first] = this.#transceivers;
    const kinds = this.#transceivers.map(({ kind }) => kind);
    return { type: 'offer', sdp: offerOf(this.fragment, kinds, first?.direction ?? 'recvonly') };
  }

  async setLocalDescription(offer: Description): Promise<void> {
    this.#mustBeOpen();
    this.localDescription = offer;
  }

  async setRemoteDescription(answer: Description): Promise<void> {
    this.#mustBeOpen();
    if (this.remoteDescription) throw new Error('InvalidStateError');
    this.remoteDescription = answer;
    for (const transceiver of this.#transceivers) transceiver.currentDirection = transceiver.direction;
    this.#transports.connect(this, fragmentOf(answer.sdp));
  }

  /** No more than what has been received at all: what flows now, or did when it was looked before. */
  async getStats(): Promise<Map<string, object>> {
    for (const [kind, source] of this.#transports.endpointOf(this.fragment)?.sources ?? []) {
      if (this.#transports.peerOf(source)) this.#received.add(kind);
    }
    const received = [...this.#received];
    return new Map(received.map((kind) => [kind, { type: 'inbound-rtp', kind, packetsReceived: 1 }]));
  }

  close(): void {
    if (this.connectionState === 'closed') return;
    this.connectionState = 'closed';
    this.#transports.close(this);
  }

  changed(state: TransportState): void {
    if (this.connectionState === 'closed' || this.connectionState === state) return;
    this.connectionState = state;
    this.onconnectionstatechange?.();
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  #mustBeOpen(): void {
    if (this.connectionState === 'closed') throw new Error('InvalidStateError');
  }
}

class Transceiver {
  readonly kind: Kind;
  readonly direction: Direction;
  readonly sender: Sender;
  readonly receiver: Receiver;
  currentDirection: Direction | null = null;

  constructor(media: Kind | SimulatedTrack, direction: Direction, connection: SimulatedPeerConnection) {
    this.kind = typeof media === 'string' ? media : media.kind;
    this.direction = direction;
    this.sender = new Sender(typeof media === 'string' ? null : media);
    this.receiver = new Receiver(new SimulatedTrack(this.kind, connection.fragment));
  }

  setCodecPreferences(): void {}
}

class Sender {
  track: SimulatedTrack | null;
  #parameters: { encodings: { maxBitrate?: number }[] } = { encodings: [{}] };

  constructor(track: SimulatedTrack | null) {
    this.track = track;
  }

  async replaceTrack(track: SimulatedTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters() {
    return structuredClone(this.#parameters);
  }

  async setParameters(parameters: { encodings: { maxBitrate?: number }[] }): Promise<void> {
    this.#parameters = parameters;
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }
}

class Receiver {
  readonly track: SimulatedTrack;

  constructor(track: SimulatedTrack) {
    this.track = track;
  }

  getSynchronizationSources(): never[] {
    return [];
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }
}
