import {
  type Direction,
  type IceServer,
  MEDIA_KINDS,
  type MediaKind,
  type PublicationName,
  type VideoCodec,
} from '@hyperroom/protocol';
import { HyperroomError } from './errors.ts';

/** A peer connection whose offer is made, or being made. Nothing of it has reached the network yet. */
export interface Offering {
  readonly pc: RTCPeerConnection;
  readonly direction: Direction;
  /** Which publication it is to send. */
  readonly publication?: PublicationName | undefined;
  readonly offer: Promise<RTCSessionDescriptionInit>;
  /** The relays that it may go by. */
  readonly relays: string;
}

/** What is to be sent. */
export interface Sending {
  publication: PublicationName;
  /** Its first audio and its first video track. */
  stream: MediaStream;
  /** Kinds that are to be published though there may be no track of them at the moment. */
  kinds?: readonly MediaKind[];
}

/** Relays that are called the same are the same, though their credentials are others. */
export const namesOf = (servers: IceServer[]): string => String(servers.map(({ urls }) => urls));

/** Made in a few milliseconds, where RSA takes hundreds. */
const ECDSA: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** What rooms speak unless their creator wants otherwise, and so what is made ahead. */
export const USUAL_CODEC: VideoCodec = 'VP8';

/** Of H.264's many profiles the one that every browser and the media server have. */
const BASELINE = /(?=.*packetization-mode=1)(?=.*profile-level-id=42e01f)/i;

/** Makes peer connections, and keeps receiving ones in stock: each costs a page some milliseconds, better spent ahead of a join. */
export class PeerConnections {
  /** The relays that there are, with the newest credentials. */
  iceServers: IceServer[] = [];
  /** Whether connections that are made now may go by them: they do so only as long as there is no direct way. */
  detours = false;
  readonly #RTCPeerConnection: typeof RTCPeerConnection;
  readonly #stock: Offering[] = [];
  #certificate: Promise<RTCCertificate> | undefined;

  constructor(Class: typeof RTCPeerConnection) {
    this.#RTCPeerConnection = Class;
  }

  /** Fills the stock up to `count` receiving connections of the usual codec. */
  async prepare(count: number): Promise<void> {
    const certificate = await this.#sharedCertificate();
    while (this.#stock.length < count) this.#stock.push(this.#make(certificate, USUAL_CODEC));
    await Promise.all(this.#stock.map(({ offer }) => offer));
  }

  /**
   * One that publishes, if there is anything to, and `receive` others, from the stock as far as that goes.
   * Rejects with `codec-unsupported`.
   */
  async take(receive: number, codec: VideoCodec, sending?: Sending): Promise<Offering[]> {
    const certificate = await this.#sharedCertificate();
    const published = sending && kindsOf(sending).length > 0 ? [this.#make(certificate, codec, sending)] : [];
    const inStock = () => (codec === USUAL_CODEC ? this.#stock.shift() : undefined);
    const received = Array.from({ length: receive }, () => inStock() ?? this.#make(certificate, codec));
    return [...published, ...received];
  }

  /** One for all connections: making one each would cost more than the rest of the offer. */
  #sharedCertificate(): Promise<RTCCertificate> {
    this.#certificate ??= this.#RTCPeerConnection.generateCertificate(ECDSA);
    return this.#certificate;
  }

  #make(certificate: RTCCertificate, codec: VideoCodec, sending?: Sending): Offering {
    const iceServers = this.detours ? this.iceServers : [];
    const pc = new this.#RTCPeerConnection({ bundlePolicy: 'max-bundle', certificates: [certificate], iceServers });
    try {
      addTransceivers(pc, codec, sending);
    } catch (error) {
      pc.close();
      throw error;
    }
    const direction = sending ? 'publish' : 'receive';
    return {
      pc,
      direction,
      publication: sending?.publication,
      offer: pc.createOffer(),
      relays: namesOf(iceServers),
    };
  }
}

function kindsOf({ stream, kinds = [] }: Sending): MediaKind[] {
  return MEDIA_KINDS.filter((kind) => kinds.includes(kind) || trackOf(stream, kind));
}

function trackOf(stream: MediaStream, kind: MediaKind): MediaStreamTrack | undefined {
  return stream.getTracks().find((track) => track.kind === kind);
}

function addTransceivers(pc: RTCPeerConnection, codec: VideoCodec, sending: Sending | undefined): void {
  for (const kind of sending ? kindsOf(sending) : MEDIA_KINDS) {
    const transceiver = sending
      ? pc.addTransceiver(trackOf(sending.stream, kind) ?? kind, { direction: 'sendonly', streams: [sending.stream] })
      : pc.addTransceiver(kind, { direction: 'recvonly' });
    transceiver.setCodecPreferences(codecsFor(kind, codec));
  }
}

/** One codec of each kind keeps offers small, and the media server from transcoding. */
function codecsFor(kind: MediaKind, codec: VideoCodec): RTCRtpCodec[] {
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const named = (name: string) => known.filter(({ mimeType }) => mimeType.toLowerCase() === name.toLowerCase());
  if (kind === 'audio') return named('audio/opus');
  const variants = named(`video/${codec}`);
  if (variants.length === 0) throw new HyperroomError('codec-unsupported', `this browser has no ${codec}`);
  const baseline = variants.filter(({ sdpFmtpLine = '' }) => BASELINE.test(sdpFmtpLine));
  return [...(baseline.length > 0 ? baseline : variants), ...named('video/rtx')];
}
