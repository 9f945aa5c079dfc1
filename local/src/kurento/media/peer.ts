import { RTCRtpSender, type RtpPacket } from 'werift';
import type { Description } from '../sdp/description.ts';
import type { MediaKind, NegotiatedMedia } from '../sdp/negotiate.ts';
import type { LocalStream } from '../sdp/write.ts';
import { MediaLine, type MediaLineObserver } from './media-line.ts';
import { ReportWatch } from './report-watch.ts';
import { dispatchRtcp, isMediaReport } from './rtcp.ts';
import { type DtlsState, Transport, type TransportObserver, type TransportOptions } from './transport.ts';

export interface PeerObserver extends TransportObserver, MediaLineObserver {
  mediaState(connected: boolean): void;
}

/** The far end of one WebRtcEndpoint: a transport, and the media that were agreed on for it. */
export class Peer {
  readonly transport: Transport;
  private readonly observer: PeerObserver;
  private readonly senders = new Map<MediaKind, RTCRtpSender>();
  private readonly lines = new Map<MediaKind, MediaLine>();
  private readonly reports: ReportWatch;
  private readonly cname: string;

  constructor(options: TransportOptions, cname: string, observer: PeerObserver) {
    this.cname = cname;
    this.observer = observer;
    this.reports = new ReportWatch((connected) => observer.mediaState(connected));
    this.transport = new Transport(options, { ...observer, dtls: (state) => this.dtlsChanged(state) });
    this.transport.dtls.onRtp.subscribe((packet) => this.receive(packet));
    this.transport.dtls.onRtcp.subscribe((packet) => {
      if (isMediaReport(packet)) this.reports.report();
      dispatchRtcp(packet, this.lines.values(), () => observer.keyFrameWanted());
    });
  }

  get mediaConnected(): boolean {
    return this.reports.connected;
  }

  get connected(): boolean {
    return this.transport.dtls.state === 'connected';
  }

  /** The local side of a medium, which a description names before the media are agreed on. */
  stream(kind: MediaKind): LocalStream {
    const sender = this.senders.get(kind) ?? new RTCRtpSender(kind);
    this.senders.set(kind, sender);
    return { ssrc: sender.ssrc, cname: this.cname };
  }

  agree(remote: Description, media: readonly (NegotiatedMedia | undefined)[]): void {
    const { dtls } = this.transport;
    remote.media.forEach((section, index) => {
      const agreed = media[index];
      if (!agreed) return;
      this.stream(agreed.kind);
      const sender = this.senders.get(agreed.kind);
      if (sender) this.lines.set(agreed.kind, new MediaLine(agreed, dtls, sender, this.observer));
      this.transport.setRemote(section, remote);
    });
  }

  line(kind: MediaKind): MediaLine | undefined {
    return this.lines.get(kind);
  }

  get allLines(): MediaLine[] {
    return [...this.lines.values()];
  }

  async close(): Promise<void> {
    this.reports.close();
    for (const line of this.lines.values()) line.close();
    await this.transport.close();
  }

  private receive(packet: RtpPacket): void {
    const { payloadType } = packet.header;
    for (const line of this.lines.values()) {
      if (line.accepts(payloadType)) line.receive(packet);
    }
  }

  private dtlsChanged(state: DtlsState): void {
    if (state === 'CONNECTED') for (const line of this.lines.values()) line.transportConnected();
    this.observer.dtls(state);
  }
}
