import type { RTCInboundRtpStreamStats, RTCOutboundRtpStreamStats, RTCStats } from 'werift';
import type { MediaLine } from '../media/media-line.ts';
import type { Json, JsonObject } from '../rpc/json.ts';

/** The statistics of an endpoint as Kurento's getStats gives them: its streams and itself, by id. */
export function endpointStats(endpointId: string, lines: readonly MediaLine[], now: number): JsonObject {
  const streams = lines.flatMap((line) => [...inbound(line, now), ...outbound(line, now)]);
  const stats: JsonObject[] = [...streams, endpointEntry(endpointId, lines, now)];
  return Object.fromEntries(stats.map((entry) => [String(entry.id), entry]));
}

function endpointEntry(id: string, lines: readonly MediaLine[], now: number): JsonObject {
  const latency: Json[] = lines.map(({ kind }) => ({
    __module__: 'kurento',
    __type__: 'MediaLatencyStat',
    avg: 0,
    name: `sink_${kind}_default`,
    type: kind.toUpperCase(),
  }));
  const about = { __module__: 'kurento', __type__: 'EndpointStats', timestampMillis: now, type: 'endpoint' };
  return { ...about, id, E2ELatency: latency, inputLatency: latency };
}

function inbound({ receiver, statsIds }: MediaLine, now: number): JsonObject[] {
  return receiver
    .collectStats(now)
    .filter(isInbound)
    .map((stats) => ({
      ...streamEntry(statsIds.inbound, stats.ssrc, now),
      __type__: 'RTCInboundRTPStreamStats',
      type: 'inboundrtp',
      bytesReceived: stats.bytesReceived ?? 0,
      jitter: stats.jitter ?? 0,
      nackCount: stats.nackCount ?? 0,
      packetsLost: stats.packetsLost ?? 0,
      packetsReceived: stats.packetsReceived ?? 0,
      pliCount: stats.pliCount ?? 0,
      remb: 0,
    }));
}

function outbound({ sender, sendsToPeer, statsIds }: MediaLine, now: number): JsonObject[] {
  if (!sendsToPeer) return [];
  const all = sender.collectStats(now);
  const roundTripTime = all.find(isRemoteInbound)?.roundTripTime ?? 0;
  return all.filter(isOutbound).map((stats) => ({
    ...streamEntry(statsIds.outbound, stats.ssrc, now),
    __type__: 'RTCOutboundRTPStreamStats',
    type: 'outboundrtp',
    bytesSent: stats.bytesSent ?? 0,
    nackCount: stats.nackCount ?? 0,
    packetsLost: 0,
    packetsSent: stats.packetsSent ?? 0,
    pliCount: stats.pliCount ?? 0,
    remb: Number(sender.receiverEstimatedMaxBitrate),
    roundTripTime,
    targetBitrate: 0,
  }));
}

function streamEntry(id: string, ssrc: number, now: number): JsonObject {
  return {
    __module__: 'kurento',
    associateStatsId: '',
    codecId: '',
    firCount: 0,
    fractionLost: 0,
    id,
    isRemote: false,
    mediaTrackId: '',
    sliCount: 0,
    ssrc: String(ssrc),
    timestampMillis: now,
    transportId: '',
  };
}

const isInbound = (stats: RTCStats): stats is RTCInboundRtpStreamStats => stats.type === 'inbound-rtp';
const isOutbound = (stats: RTCStats): stats is RTCOutboundRtpStreamStats => stats.type === 'outbound-rtp';
const isRemoteInbound = (stats: RTCStats): stats is RTCStats & { roundTripTime?: number } =>
  stats.type === 'remote-inbound-rtp';
