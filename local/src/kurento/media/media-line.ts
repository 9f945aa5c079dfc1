import { randomUUID } from 'node:crypto';
import {
  defaultPeerConfig,
  MediaStreamTrack,
  type RTCDtlsTransport,
  RTCRtpCodecParameters,
  RTCRtpReceiver,
  type RTCRtpSender,
  RtpHeader,
  RtpPacket,
} from 'werift';
import type { Codec } from '../sdp/description.ts';
import { type MediaKind, type NegotiatedMedia, receives, sends } from '../sdp/negotiate.ts';
import { FlowMeter } from './flow-meter.ts';
import { KeyFrameRequester } from './key-frame-requester.ts';
import { rembPacket } from './remb.ts';
import { StreamRewriter } from './stream-rewriter.ts';

const REMB_INTERVAL_MS = 1000;

export interface MediaLineObserver {
  /** A packet of the peer, and the codec that its payload type stands for. */
  received(kind: MediaKind, packet: RtpPacket, codec: string): void;
  keyFrameWanted(): void;
  flow(direction: 'in' | 'out', kind: MediaKind, flowing: boolean): void;
  /** What the peer may send at most, in bit/s. */
  bitrateLimit(): number;
}

/** One media section of an endpoint's session: what the peer sends on it, and what is sent to the peer. */
export class MediaLine {
  readonly kind: MediaKind;
  readonly sender: RTCRtpSender;
  readonly receiver: RTCRtpReceiver;
  readonly statsIds = { inbound: randomUUID(), outbound: randomUUID() };
  /** Media from the peer into the pipeline, which is `out` of the endpoint in Kurento's terms. */
  private readonly flowOut: FlowMeter;
  private readonly flowIn: FlowMeter;
  private readonly dtls: RTCDtlsTransport;
  private readonly observer: MediaLineObserver;
  private readonly media: NegotiatedMedia;
  private readonly codecNames: ReadonlyMap<number, string>;
  private readonly rewriter: StreamRewriter;
  private readonly keyFrames: KeyFrameRequester;
  private source: number | undefined;
  private rembTimer: NodeJS.Timeout | undefined;

  constructor(media: NegotiatedMedia, dtls: RTCDtlsTransport, sender: RTCRtpSender, observer: MediaLineObserver) {
    this.kind = media.kind;
    this.media = media;
    this.dtls = dtls;
    this.observer = observer;
    this.sender = sender;
    this.receiver = new RTCRtpReceiver(defaultPeerConfig, media.kind, sender.ssrc);
    this.codecNames = new Map(media.codecs.map(({ payloadType, name }) => [payloadType, name.toLowerCase()]));
    this.rewriter = new StreamRewriter(media.codecs[0]?.clockRate ?? 90_000, () => performance.now());
    this.flowIn = new FlowMeter((flowing) => observer.flow('in', media.kind, flowing));
    this.flowOut = new FlowMeter((flowing) => observer.flow('out', media.kind, flowing));
    this.keyFrames = new KeyFrameRequester(() => this.sendPli());
    this.prepare();
  }

  accepts(payloadType: number): boolean {
    return receives(this.media.direction) && this.codecNames.has(payloadType);
  }

  get sendsToPeer(): boolean {
    return sends(this.media.direction);
  }

  isFlowing(direction: 'in' | 'out'): boolean {
    return direction === 'in' ? this.flowIn.flowing : this.flowOut.flowing;
  }

  receive(packet: RtpPacket): void {
    const { ssrc } = packet.header;
    if (ssrc !== this.source) this.addSource(ssrc);
    this.receiver.handleRtpBySsrc(packet, {});
  }

  /** Forwards a publisher's packet to the peer. */
  send(packet: RtpPacket, codec: string): void {
    if (!this.sendsToPeer || this.dtls.state !== 'connected') return;
    if (this.media.codecs[0]?.name.toLowerCase() !== codec) return; // there is no transcoding
    this.flowIn.packet();
    const { marker } = packet.header;
    // The sender writes into the header that it is given: each subscriber needs one of its own.
    const header = new RtpHeader({ marker, ...this.rewriter.next(packet.header) });
    void this.sender.sendRtp(new RtpPacket(header, packet.payload));
  }

  /** What comes next does not follow on what was sent last. */
  interrupt(): void {
    this.rewriter.interrupt();
  }

  requestKeyFrame(): void {
    if (this.source !== undefined) this.keyFrames.request();
  }

  /** Starts what runs for as long as the transport is up. */
  transportConnected(): void {
    if (this.kind === 'video' && receives(this.media.direction)) {
      this.rembTimer = setInterval(() => this.sendRemb(), REMB_INTERVAL_MS);
    }
  }

  close(): void {
    clearInterval(this.rembTimer);
    this.keyFrames.close();
    this.flowIn.close();
    this.flowOut.close();
    this.sender.stop();
    this.receiver.stop();
  }

  private prepare(): void {
    const { mid, extensions } = this.media;
    const codecs = this.media.codecs.map((codec) => codecParameters(this.kind, codec));
    const parameters = { codecs, headerExtensions: extensions.map((entry) => ({ ...entry })), muxId: mid };
    this.sender.setDtlsTransport(this.dtls);
    this.sender.prepareSend(parameters);
    this.receiver.setDtlsTransport(this.dtls);
    this.receiver.prepareReceive({ ...parameters, encodings: [] });
  }

  /** Sources are told apart by payload type alone: an offer need not name its SSRCs. */
  private addSource(ssrc: number): void {
    this.source = ssrc;
    const track = new MediaStreamTrack({ kind: this.kind, ssrc, remote: true });
    if (!this.receiver.addTrack(track)) return;
    track.onReceiveRtp.subscribe((packet) => {
      this.flowOut.packet();
      this.observer.received(this.kind, packet, this.codecNames.get(packet.header.payloadType) ?? '');
    });
  }

  private sendPli(): void {
    if (this.source !== undefined) void this.receiver.sendRtcpPLI(this.source);
  }

  private sendRemb(): void {
    if (this.source === undefined || this.dtls.state !== 'connected') return;
    void this.dtls.sendRtcp([rembPacket(this.sender.ssrc, this.source, this.observer.bitrateLimit())]);
  }
}

function codecParameters(kind: MediaKind, codec: Codec): RTCRtpCodecParameters {
  return new RTCRtpCodecParameters({
    mimeType: `${kind}/${codec.name}`,
    clockRate: codec.clockRate,
    payloadType: codec.payloadType,
    rtcpFeedback: codec.feedback.map(feedbackParameters),
    ...(codec.channels === undefined ? {} : { channels: codec.channels }),
    ...(codec.parameters === undefined ? {} : { parameters: codec.parameters }),
  });
}

function feedbackParameters(entry: string): { type: string; parameter?: string } {
  const [type = '', parameter] = entry.split(' ');
  return parameter === undefined ? { type } : { type, parameter };
}
