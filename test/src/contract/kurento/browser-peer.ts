import { setImmediate } from 'node:timers/promises';
import {
  GenericNack,
  MediaStreamTrack,
  RTCPeerConnection,
  type RTCRtpTransceiver,
  RtcpTransportLayerFeedback,
  RtpHeader,
  RtpPacket,
  useNACK,
  useOPUS,
  usePLI,
  useREMB,
  useVP8,
} from 'werift';

/** A DTLS close_notify. In the clear, which a browser's is not; the engine's DTLS stack reads both alike. */
const CLOSE_NOTIFY = Buffer.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0]);

const KINDS = ['audio', 'video'] as const;
type Kind = (typeof KINDS)[number];

const CADENCE_MS: Record<Kind, number> = { audio: 20, video: 66 };
const CLOCK: Record<Kind, number> = { audio: 48_000, video: 90_000 };

/** Stands in for a browser's peer connection, publishing or receiving one audio and one video on 127.0.0.1. */
export class BrowserPeer {
  readonly received: Record<Kind, RtpPacket[]> = { audio: [], video: [] };
  /** What its packets begin with. */
  label = '';
  keyFrameRequests = 0;
  /** The numbers of the packets that the far end has asked for again. */
  readonly nacked: number[] = [];
  private readonly pc: RTCPeerConnection;
  private readonly role: 'publisher' | 'subscriber';
  private readonly tracks = new Map<Kind, MediaStreamTrack>();
  private readonly transceivers = new Map<Kind, RTCRtpTransceiver>();
  private readonly timers: NodeJS.Timeout[] = [];
  private losesNext = false;

  constructor(role: 'publisher' | 'subscriber', video = useVP8) {
    this.role = role;
    this.pc = new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      codecs: { audio: [useOPUS()], video: [video({ rtcpFeedback: [useNACK(), usePLI(), useREMB()] })] },
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
      iceInterfaceAddresses: { udp4: '127.0.0.1' },
    });
    for (const kind of KINDS) this.addMedium(kind);
    // Without this, werift asks a public STUN server.
    for (const { connection } of this.pc.iceTransports) delete connection.stunServer;
  }

  async offer(): Promise<string> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    return this.pc.localDescription?.sdp ?? '';
  }

  async answerTo(sdp: string): Promise<string> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp });
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    return this.pc.localDescription?.sdp ?? '';
  }

  async accept(answer: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    if (this.role === 'publisher') for (const kind of KINDS) this.publish(kind);
  }

  /** The first local candidate, as a browser would trickle it. */
  get candidate(): string {
    const line = /^a=(candidate:.*)$/m.exec(this.pc.localDescription?.sdp ?? '')?.[1];
    return line?.trim() ?? '';
  }

  get state(): string {
    return this.pc.connectionState;
  }

  async sendPli(): Promise<void> {
    const receiver = this.transceivers.get('video')?.receiver;
    if (receiver?.track.ssrc !== undefined) await receiver.sendRtcpPLI(receiver.track.ssrc);
  }

  /** Asks for a packet again. */
  async sendNack(sequenceNumber: number): Promise<void> {
    const receiver = this.transceivers.get('video')?.receiver;
    const mediaSourceSsrc = receiver?.track.ssrc;
    if (!receiver || mediaSourceSsrc === undefined) throw new Error('nothing has been received');
    const feedback = new GenericNack({ senderSsrc: receiver.rtcpSsrc, mediaSourceSsrc, lost: [sequenceNumber] });
    await receiver.dtlsTransport.sendRtcp([new RtcpTransportLayerFeedback({ feedback })]);
  }

  /** Leaves out the next video packet, as if the network had lost it. */
  loseVideoPacket(): void {
    this.losesNext = true;
  }

  /** What the engine last allowed the publisher to send, in bit/s. */
  get allowedBitrate(): number {
    return Number(this.transceivers.get('video')?.sender.receiverEstimatedMaxBitrate ?? 0);
  }

  /** As `pc.close()` in a browser: the far end is told. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const { connection } of this.pc.iceTransports) await connection.send(CLOSE_NOTIFY);
    await setImmediate(); // a datagram leaves only after its address has been looked up, IP or not
    await this.pc.close();
  }

  /** As a killed browser: the far end hears nothing more. */
  async vanish(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.pc.close();
  }

  /** Sends no more reports, as a browser some seconds after it has last received something. */
  stopReporting(): void {
    // Stopped for good: otherwise a packet that is still under way would start its reports again.
    for (const { receiver } of this.transceivers.values()) receiver.stop();
  }

  private addMedium(kind: Kind): void {
    if (this.role === 'subscriber') {
      const transceiver = this.pc.addTransceiver(kind, { direction: 'recvonly' });
      transceiver.onTrack.subscribe((track) => {
        track.onReceiveRtp.subscribe((packet) => this.received[kind].push(packet));
      });
      this.transceivers.set(kind, transceiver);
      return;
    }
    const track = new MediaStreamTrack({ kind });
    const transceiver = this.pc.addTransceiver(track, { direction: 'sendonly' });
    transceiver.sender.onPictureLossIndication.subscribe(() => {
      this.keyFrameRequests += 1;
    });
    transceiver.sender.onGenericNack.subscribe(({ lost }) => this.nacked.push(...lost));
    this.tracks.set(kind, track);
    this.transceivers.set(kind, transceiver);
  }

  private publish(kind: Kind): void {
    let count = 0;
    const send = () => {
      const timestamp = count * CADENCE_MS[kind] * (CLOCK[kind] / 1000);
      const header = new RtpHeader({ sequenceNumber: count & 0xffff, timestamp, marker: kind === 'video' });
      if (kind === 'video' && this.losesNext) this.losesNext = false;
      else this.tracks.get(kind)?.writeRtp(new RtpPacket(header, Buffer.from(`${this.label}${kind} ${count}`)));
      count += 1;
    };
    this.timers.push(setInterval(send, CADENCE_MS[kind]));
  }
}
