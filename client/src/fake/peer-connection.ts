import type { MediaKind, PublicationName } from '@hyperroom/protocol';
import type { Flight } from './flight.ts';
import type { FakeQuality } from './types.ts';

/** What is sent, or shown. */
export interface Subject {
  /** Whose it is: the participant's id. */
  readonly participant: string;
  readonly publication: PublicationName;
}

/** What there is to be heard and measured. */
export interface Air {
  readonly flight: Flight;
  track(kind: MediaKind): MediaStreamTrack;
  /** How loud somebody is, 0 to 1. */
  levelOf(subject: Subject): number;
  qualityOf(participant: string): FakeQuality;
  /** A peer connection can be found by what it calls itself in its offers. */
  made(name: string, peer: FakePeerConnection): void;
  /** Its transport stands. */
  connected(peer: FakePeerConnection): void;
  closed(name: string): void;
}

interface Codec {
  mimeType: string;
  sdpFmtpLine?: string;
}

/** What a browser has, more or less. */
const CODECS: Record<string, Codec[]> = {
  audio: [{ mimeType: 'audio/opus' }],
  video: [
    { mimeType: 'video/VP8' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
    { mimeType: 'video/rtx' },
  ],
};

export const FakeRTCRtpReceiver = { getCapabilities: (kind: string) => ({ codecs: CODECS[kind] ?? [] }) };

/** Seconds. */
const JITTER: Record<FakeQuality, number> = { excellent: 0.005, good: 0.06, poor: 0.2, lost: 0 };
const PACKETS_AT_ONCE = 100;

/** A peer connection that reaches its other end as soon as it is answered, and carries nothing but the word that it does. */
export class FakePeerConnection {
  /** Set by the media server: what it sends, or shows. */
  subject: Subject | undefined;
  localDescription: RTCSessionDescriptionInit | null = null;
  connectionState: RTCPeerConnectionState = 'new';
  onicecandidate: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  readonly #name = crypto.randomUUID();
  readonly #air: Air;
  readonly #transceivers: Transceiver[] = [];
  #packets = 0;

  constructor(air: Air) {
    this.#air = air;
    air.made(this.#name, this);
  }

  addTransceiver(media: string | MediaStreamTrack, { direction }: RTCRtpTransceiverInit): Transceiver {
    const transceiver = new Transceiver(this, this.#air, media, direction ?? 'sendrecv');
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): Transceiver[] {
    return this.#transceivers;
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return { type: 'offer', sdp: describe(this.#name, this.#transceivers) };
  }

  async setLocalDescription(offer: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = offer;
  }

  async setRemoteDescription(_answer: RTCSessionDescriptionInit): Promise<void> {
    for (const transceiver of this.#transceivers) transceiver.currentDirection = transceiver.direction;
    this.#air.flight.send(() => this.#connect());
  }

  async getStats(): Promise<Map<string, object>> {
    const quality = this.#quality;
    const isLost = quality === 'lost';
    this.#packets += isLost ? 0 : PACKETS_AT_ONCE;
    const stats = this.#transceivers.map((transceiver, index) => {
      const type = transceiver.direction === 'recvonly' ? 'inbound-rtp' : 'remote-inbound-rtp';
      return { type, id: `${type}-${index}`, ssrc: index + 1, ...this.#counted(transceiver) };
    });
    const transport = { type: 'transport', id: 'transport', iceState: isLost ? 'disconnected' : 'connected' };
    return new Map([transport, ...stats].map((each) => [each.id, each]));
  }

  close(): void {
    this.connectionState = 'closed';
    this.#air.closed(this.#name);
  }

  /** 0 of whom nothing is heard. */
  get level(): number {
    return this.subject ? this.#air.levelOf(this.subject) : 0;
  }

  get #quality(): FakeQuality {
    return this.subject ? this.#air.qualityOf(this.subject.participant) : 'excellent';
  }

  #counted({ kind, direction }: Transceiver): object {
    const jitter = JITTER[this.#quality];
    if (direction !== 'recvonly') return { kind, jitter, timestamp: this.#packets, fractionLost: 0 };
    const packets = this.subject ? this.#packets : 0;
    return { kind, jitter, packetsReceived: packets, ...(kind === 'video' && { framesDecoded: packets }) };
  }

  #connect(): void {
    if (this.connectionState !== 'new') return;
    this.connectionState = 'connected';
    this.onconnectionstatechange?.();
    this.#air.connected(this);
  }
}

class Transceiver {
  readonly kind: string;
  readonly direction: RTCRtpTransceiverDirection;
  readonly sender: Sender;
  readonly receiver: Receiver;
  currentDirection: RTCRtpTransceiverDirection | null = null;
  codecs: readonly Codec[] = [];

  constructor(
    peer: FakePeerConnection,
    air: Air,
    media: string | MediaStreamTrack,
    direction: RTCRtpTransceiverDirection,
  ) {
    this.kind = typeof media === 'string' ? media : media.kind;
    this.direction = direction;
    this.sender = new Sender(peer, typeof media === 'string' ? null : media);
    this.receiver = new Receiver(peer, air.track(this.kind === 'audio' ? 'audio' : 'video'));
  }

  setCodecPreferences(codecs: readonly Codec[]): void {
    this.codecs = codecs;
  }
}

class Sender {
  readonly #peer: FakePeerConnection;
  track: MediaStreamTrack | null;
  #parameters = { encodings: [{}] };

  constructor(peer: FakePeerConnection, track: MediaStreamTrack | null) {
    this.#peer = peer;
    this.track = track;
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters(): object {
    return structuredClone(this.#parameters);
  }

  async setParameters(parameters: { encodings: object[] }): Promise<void> {
    this.#parameters = { encodings: parameters.encodings };
  }

  async getStats(): Promise<Map<string, object>> {
    const audioLevel = this.track?.enabled ? this.#peer.level : 0;
    return new Map([['source', { type: 'media-source', kind: this.track?.kind, audioLevel }]]);
  }
}

class Receiver {
  readonly #peer: FakePeerConnection;
  readonly track: MediaStreamTrack;

  constructor(peer: FakePeerConnection, track: MediaStreamTrack) {
    this.#peer = peer;
    this.track = track;
  }

  getSynchronizationSources(): object[] {
    return [{ timestamp: performance.timeOrigin + performance.now(), audioLevel: this.#peer.level }];
  }
}

/** The peer connections of clients whose media go through this air. */
export function peerConnectionsIn(air: Air): typeof RTCPeerConnection {
  class Bound extends FakePeerConnection {
    static async generateCertificate(): Promise<object> {
      return {};
    }

    constructor() {
      super(air);
    }
  }
  return Bound as unknown as typeof RTCPeerConnection;
}

/** The least that a session description says; `name` tells whose it is. */
export function describe(name: string, media: readonly Pick<Transceiver, 'kind' | 'codecs'>[]): string {
  const sections = media.flatMap(({ kind, codecs }) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    ...codecs.map(({ mimeType }, index) => `a=rtpmap:${96 + index} ${mimeType.split('/')[1]}/90000`),
  ]);
  return ['v=0', `s=${name}`, ...sections, 'a=ice-ufrag:fake', 'a=fingerprint:sha-256 00', ''].join('\r\n');
}

/** What the maker of an offer calls itself. */
export const nameIn = (sdp: string): string => /^s=(.*)$/m.exec(sdp)?.[1]?.trim() ?? '';
