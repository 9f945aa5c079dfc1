import type { MediaKind } from '@hyperroom/protocol';

interface FakeCodec {
  mimeType: string;
  sdpFmtpLine?: string;
}

/** What a browser has, more or less. */
const CODECS: Record<string, FakeCodec[]> = {
  audio: [{ mimeType: 'audio/opus' }, { mimeType: 'audio/PCMU' }],
  video: [
    { mimeType: 'video/VP8' },
    { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=640032' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
    { mimeType: 'video/AV1' },
  ],
};

export const FakeRTCRtpReceiver = { getCapabilities: (kind: string) => ({ codecs: CODECS[kind] ?? [] }) };

interface Description {
  type: string;
  sdp: string;
}

/** The browser's side of WebRTC, as far as the SDK touches it: no network, no codecs, and every promise resolves. */
export class FakePeerConnection {
  static made: FakePeerConnection[] = [];
  static readonly asRTCPeerConnection = FakePeerConnection as unknown as typeof RTCPeerConnection;
  static generateCertificate(): Promise<object> {
    return Promise.resolve({});
  }

  readonly transceivers: FakeTransceiver[] = [];
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  connectionState = 'new';
  closed = false;
  stats = new Map<string, object>();
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  readonly configuration: RTCConfiguration;

  constructor(configuration: RTCConfiguration) {
    this.configuration = configuration;
    FakePeerConnection.made.push(this);
  }

  addTransceiver(media: string | FakeTrack, { direction }: { direction: string }): FakeTransceiver {
    const transceiver = new FakeTransceiver(media, direction);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(): Promise<Description> {
    const name = `offer-${FakePeerConnection.made.indexOf(this)}`;
    return { type: 'offer', sdp: sdp(name, this.transceivers) };
  }

  async setLocalDescription(offer: Description): Promise<void> {
    this.localDescription = offer;
  }

  async setRemoteDescription(answer: Description): Promise<void> {
    if (this.remoteDescription) throw new Error('InvalidStateError');
    if (answer.sdp.includes('unusable')) throw new Error('InvalidAccessError');
    this.remoteDescription = answer;
    for (const transceiver of this.transceivers) transceiver.currentDirection = transceiver.direction;
  }

  async getStats(): Promise<Map<string, object>> {
    return this.stats;
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  /** Its transport comes into another state. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** Something of these kinds of media has come. */
  receive(...kinds: MediaKind[]): void {
    for (const kind of kinds) {
      this.stats.set(kind, {
        type: 'inbound-rtp',
        kind,
        packetsReceived: 1,
        ...(kind === 'video' && { framesDecoded: 1 }),
      });
    }
  }
}

class FakeTransceiver {
  readonly kind: string;
  readonly direction: string;
  readonly sender: FakeSender;
  readonly receiver: FakeReceiver;
  currentDirection: string | null = null;
  codecs: readonly FakeCodec[] = [];

  constructor(media: string | FakeTrack, direction: string) {
    this.kind = typeof media === 'string' ? media : media.kind;
    this.direction = direction;
    this.sender = new FakeSender(typeof media === 'string' ? null : media);
    this.receiver = new FakeReceiver(new FakeTrack(this.kind));
  }

  setCodecPreferences(codecs: readonly FakeCodec[]): void {
    this.codecs = codecs;
  }
}

class FakeSender {
  track: FakeTrack | null;
  parameters: { encodings: { maxBitrate?: number }[] } = { encodings: [{}] };

  constructor(track: FakeTrack | null) {
    this.track = track;
  }

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    this.track = track;
  }

  getParameters() {
    return structuredClone(this.parameters);
  }

  async setParameters(parameters: FakeSender['parameters']): Promise<void> {
    this.parameters = parameters;
  }

  async getStats(): Promise<Map<string, object>> {
    const audioLevel = this.track?.enabled ? this.track.level : 0;
    return new Map([['source', { type: 'media-source', kind: this.track?.kind, audioLevel }]]);
  }
}

class FakeReceiver {
  readonly track: FakeTrack;

  constructor(track: FakeTrack) {
    this.track = track;
  }

  getSynchronizationSources() {
    return [{ timestamp: performance.timeOrigin + performance.now(), audioLevel: this.track.level }];
  }
}

export class FakeTrack extends EventTarget {
  readonly kind: string;
  enabled = true;
  /** How loud it is, 0 to 1. */
  level = 0;

  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }

  /** The user, or the device, ends it. */
  end(): void {
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeMediaStream {
  #tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = []) {
    this.#tracks = [...tracks];
  }
  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }
  addTrack(track: FakeTrack): void {
    this.#tracks.push(track);
  }
  removeTrack(track: FakeTrack): void {
    this.#tracks = this.#tracks.filter((each) => each !== track);
  }
}

/** A microphone and a camera, or the tracks that are given. */
export function fakeStream(tracks: (string | FakeTrack)[] = ['audio', 'video']): MediaStream {
  const made = tracks.map((track) => (typeof track === 'string' ? new FakeTrack(track) : track));
  return new FakeMediaStream(made) as unknown as MediaStream;
}

/** The least SDP that the protocol takes. */
export function sdp(name: string, media: Pick<FakeTransceiver, 'kind' | 'codecs'>[] = [{ kind: 'audio', codecs: [] }]) {
  const lines = media.flatMap(({ kind, codecs }) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    ...codecs.map(({ mimeType }, index) => `a=rtpmap:${96 + index} ${mimeType.split('/')[1]}/90000`),
  ]);
  return ['v=0', `s=${name}`, ...lines, 'a=ice-ufrag:x', 'a=fingerprint:sha-256 00', ''].join('\r\n');
}
