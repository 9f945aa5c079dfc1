import type { Direction } from '@hyperroom/protocol';

/** A peer connection whose offer is made, or being made. Nothing of it has reached the network yet. */
export interface Offering {
  readonly pc: RTCPeerConnection;
  readonly direction: Direction;
  readonly offer: Promise<RTCSessionDescriptionInit>;
}

/** Made in a few milliseconds, where RSA takes hundreds. */
const ECDSA: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** One codec of each kind keeps offers small, and the media server from transcoding. */
const CODECS = /^(audio\/opus|video\/vp8|video\/rtx)$/i;

/** Makes peer connections, and keeps receiving ones in stock: each costs a page some milliseconds, better spent ahead of a join. */
export class PeerConnections {
  readonly #RTCPeerConnection: typeof RTCPeerConnection;
  readonly #stock: Offering[] = [];
  #certificate: Promise<RTCCertificate> | undefined;

  constructor(Class: typeof RTCPeerConnection) {
    this.#RTCPeerConnection = Class;
  }

  /** Fills the stock up to `count` receiving connections. */
  async prepare(count: number): Promise<void> {
    const certificate = await this.#sharedCertificate();
    while (this.#stock.length < count) this.#stock.push(this.#make(certificate));
    await Promise.all(this.#stock.map(({ offer }) => offer));
  }

  /** One that publishes `stream`, if it has tracks, and `receive` others, from the stock as far as that goes. */
  async take(receive: number, stream?: MediaStream): Promise<Offering[]> {
    const certificate = await this.#sharedCertificate();
    const published = stream?.getTracks().length ? [this.#make(certificate, stream)] : [];
    const received = Array.from({ length: receive }, () => this.#stock.shift() ?? this.#make(certificate));
    return [...published, ...received];
  }

  /** One for all connections: making one each would cost more than the rest of the offer. */
  #sharedCertificate(): Promise<RTCCertificate> {
    this.#certificate ??= this.#RTCPeerConnection.generateCertificate(ECDSA);
    return this.#certificate;
  }

  #make(certificate: RTCCertificate, stream?: MediaStream): Offering {
    const pc = new this.#RTCPeerConnection({ bundlePolicy: 'max-bundle', certificates: [certificate] });
    addTransceivers(pc, stream);
    return { pc, direction: stream ? 'publish' : 'receive', offer: pc.createOffer() };
  }
}

function addTransceivers(pc: RTCPeerConnection, stream: MediaStream | undefined): void {
  for (const kind of ['audio', 'video']) {
    const track = stream?.getTracks().find((candidate) => candidate.kind === kind);
    if (stream && !track) continue;
    const transceiver =
      stream && track
        ? pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
        : pc.addTransceiver(kind, { direction: 'recvonly' });
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => CODECS.test(mimeType)));
  }
}
