/** What TypeScript's DOM library does not know, as far as it is read here. */
interface RemoteInboundStats extends RTCReceivedRtpStreamStats {
  readonly localId?: string;
  /** Seconds. */
  readonly roundTripTime?: number;
  /** 0 to 1, of what was sent between the last two reports. */
  readonly fractionLost?: number;
}

interface MediaSourceStats extends RTCStats {
  readonly audioLevel?: number;
}

interface CodecStats extends RTCStats {
  /** `video/VP8`. */
  readonly mimeType: string;
}

interface StatsByType {
  codec: CodecStats;
  'inbound-rtp': RTCInboundRtpStreamStats;
  'outbound-rtp': RTCOutboundRtpStreamStats;
  'remote-inbound-rtp': RemoteInboundStats;
  'media-source': MediaSourceStats;
  transport: RTCTransportStats;
  'candidate-pair': RTCIceCandidatePairStats;
}

/** The stats of one type in a report. */
export function statsOf<Type extends keyof StatsByType>(report: RTCStatsReport, type: Type): StatsByType[Type][] {
  return [...report.values()].filter((stats) => stats.type === type);
}

/** The candidate pairs in use. Who reports no transports, as Firefox did for long, has only the pairs themselves to tell. */
function pairsInUse(report: RTCStatsReport): RTCIceCandidatePairStats[] {
  const selected = statsOf(report, 'transport').map(({ selectedCandidatePairId }) => selectedCandidatePairId);
  return statsOf(report, 'candidate-pair').filter(({ id, nominated, state }) =>
    selected.length > 0 ? selected.includes(id) : nominated && state === 'succeeded',
  );
}

/** Whether the other end of a report's connection can be reached. */
export function isConnected(report: RTCStatsReport): boolean {
  const states = statsOf(report, 'transport').map(({ iceState }) => iceState);
  if (states.length > 0) return states.some((state) => state === 'connected' || state === 'completed');
  return pairsInUse(report).length > 0;
}

/** Milliseconds to the other end and back, the longest of several; undefined if not yet measured. */
export function roundTripOf(reports: readonly RTCStatsReport[]): number | undefined {
  const times = reports.flatMap(pairsInUse).map(({ currentRoundTripTime }) => currentRoundTripTime);
  return longest(times);
}

/** The longest of some times in seconds, in milliseconds. */
export function longest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) * 1000 : undefined;
}
