/** The browser's side of WebRTC, as far as the SDK touches it: no network, no codecs, and every promise resolves. */
export class FakePeerConnection {
  static made: FakePeerConnection[] = [];
  static readonly asRTCPeerConnection = FakePeerConnection as unknown as typeof RTCPeerConnection;
  static generateCertificate(): Promise<object> {
    return Promise.resolve({});
  }

  readonly transceivers: FakeTransceiver[] = [];
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  connectionState = 'new';
  closed = false;
  onicecandidate: ((event: { candidate: object | null }) => void) | null = null;

  constructor() {
    FakePeerConnection.made.push(this);
  }

  addTransceiver(media: string | FakeTrack, { direction }: { direction: string }): FakeTransceiver {
    const transceiver = new FakeTransceiver(typeof media === 'string' ? media : media.kind, direction);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer() {
    return { type: 'offer', sdp: sdp(`offer-${FakePeerConnection.made.indexOf(this)}`) };
  }

  async setLocalDescription(offer: { type: string; sdp: string }): Promise<void> {
    this.localDescription = offer;
  }

  async setRemoteDescription(answer: { type: string; sdp: string }): Promise<void> {
    if (this.remoteDescription) throw new Error('InvalidStateError');
    if (answer.sdp.includes('unusable')) throw new Error('InvalidAccessError');
    this.remoteDescription = answer;
    for (const transceiver of this.transceivers) transceiver.currentDirection = transceiver.direction;
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeTransceiver {
  readonly direction: string;
  readonly receiver: { track: FakeTrack };
  currentDirection: string | null = null;

  constructor(kind: string, direction: string) {
    this.direction = direction;
    this.receiver = { track: new FakeTrack(kind) };
  }

  setCodecPreferences(): void {}
}

export class FakeTrack {
  readonly kind: string;
  constructor(kind: string) {
    this.kind = kind;
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

/** A microphone and a camera. */
export function fakeStream(kinds = ['audio', 'video']): MediaStream {
  return new FakeMediaStream(kinds.map((kind) => new FakeTrack(kind))) as unknown as MediaStream;
}

/** The least SDP that the protocol takes. */
export function sdp(name: string): string {
  return `v=0\r\ns=${name}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:x\r\na=fingerprint:sha-256 00\r\n`;
}
