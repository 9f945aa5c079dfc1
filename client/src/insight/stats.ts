import { longest, roundTripOf, statsOf } from './reports.ts';

/** What one stream has come to so far. Bytes and packets count from its beginning: two readings make a rate. */
export interface StreamStats {
  /** `main` or `screen`. */
  readonly publication: string;
  /** Sound, or pictures. */
  readonly kind: 'audio' | 'video';
  /** `VP8`, `H264`, `opus`, …; undefined before anything has flowed. */
  readonly codec: string | undefined;
  /** Bytes of media, without headers. */
  readonly bytes: number;
  /** Packets of media. */
  readonly packets: number;
  /** At the receiving end; undefined if that has not reported yet. */
  readonly packetsLost: number | undefined;
  /** Milliseconds by which packets come irregularly; undefined if not yet measured. */
  readonly jitter: number | undefined;
  /** Pixels; undefined of sound, and before the first picture. */
  readonly width: number | undefined;
  /** Likewise. */
  readonly height: number | undefined;
  /** Pictures a second; undefined of sound, and before the first second. */
  readonly fps: number | undefined;
}

/** What has been sent of one stream. */
export interface SentStats extends StreamStats {
  /** What the encoder aims at, in bit/s; undefined if the browser does not say. */
  readonly bitrate: number | undefined;
  /** Milliseconds to the media server and back, by its reports of this stream. */
  readonly roundTrip: number | undefined;
  /** Pictures; undefined of sound. */
  readonly framesEncoded: number | undefined;
}

/** What has been received of one stream. */
export interface ReceivedStats extends StreamStats {
  /** Whose it is: the participant's id. */
  readonly participant: string;
  /** Pictures; undefined of sound. */
  readonly framesDecoded: number | undefined;
}

/** What has been sent and received in a room over the connections that there are now. */
export interface RoomStats {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What this page sends. */
  readonly sent: readonly SentStats[];
  /** What it receives of the others. */
  readonly received: readonly ReceivedStats[];
  /** Of all streams together. */
  readonly totals: {
    /** Bytes of media, without headers. */
    readonly bytesSent: number;
    /** Likewise. */
    readonly bytesReceived: number;
    /** Packets of media. */
    readonly packetsSent: number;
    /** Likewise. */
    readonly packetsReceived: number;
    /** Of those that should have been received. */
    readonly packetsLost: number;
    /** Milliseconds to the media server and back, the longest of all connections; undefined if not yet measured. */
    readonly roundTrip: number | undefined;
  };
}

export interface RoomReports {
  /** By publication. */
  readonly sent: ReadonlyMap<string, RTCStatsReport>;
  readonly received: readonly ReceivedReport[];
}

interface ReceivedReport {
  readonly participant: string;
  readonly publication: string;
  readonly report: RTCStatsReport;
}

export function roomStats(reports: RoomReports): RoomStats {
  const sent = [...reports.sent].flatMap(([publication, report]) => sentStats(publication, report));
  const received = reports.received.flatMap(receivedStats);
  const all = [...reports.sent.values(), ...reports.received.map(({ report }) => report)];
  return {
    time: Date.now(),
    sent,
    received,
    totals: {
      bytesSent: sum(sent.map(({ bytes }) => bytes)),
      bytesReceived: sum(received.map(({ bytes }) => bytes)),
      packetsSent: sum(sent.map(({ packets }) => packets)),
      packetsReceived: sum(received.map(({ packets }) => packets)),
      packetsLost: sum(received.map(({ packetsLost = 0 }) => packetsLost)),
      roundTrip: roundTripOf(all),
    },
  };
}

function sentStats(publication: string, report: RTCStatsReport): SentStats[] {
  const remotes = statsOf(report, 'remote-inbound-rtp');
  return statsOf(report, 'outbound-rtp').map((stream) => {
    const remote = remotes.find(({ ssrc }) => ssrc === stream.ssrc);
    return {
      publication,
      kind: kindOf(stream),
      codec: codecOf(report, stream),
      bytes: stream.bytesSent ?? 0,
      packets: stream.packetsSent ?? 0,
      packetsLost: remote?.packetsLost,
      jitter: longest([remote?.jitter]),
      ...pictureOf(stream),
      bitrate: stream.targetBitrate,
      roundTrip: longest([remote?.roundTripTime]),
      framesEncoded: stream.framesEncoded,
    };
  });
}

function receivedStats({ participant, publication, report }: ReceivedReport): ReceivedStats[] {
  return statsOf(report, 'inbound-rtp').map((stream) => ({
    participant,
    publication,
    kind: kindOf(stream),
    codec: codecOf(report, stream),
    bytes: stream.bytesReceived ?? 0,
    packets: stream.packetsReceived ?? 0,
    packetsLost: stream.packetsLost,
    jitter: longest([stream.jitter]),
    ...pictureOf(stream),
    framesDecoded: stream.framesDecoded,
  }));
}

function kindOf({ kind }: RTCRtpStreamStats): 'audio' | 'video' {
  return kind === 'audio' ? 'audio' : 'video';
}

function codecOf(report: RTCStatsReport, { codecId }: RTCRtpStreamStats): string | undefined {
  return statsOf(report, 'codec')
    .find(({ id }) => id === codecId)
    ?.mimeType.replace(/^.*\//, '');
}

function pictureOf(stream: RTCInboundRtpStreamStats | RTCOutboundRtpStreamStats) {
  return { width: stream.frameWidth, height: stream.frameHeight, fps: stream.framesPerSecond };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
