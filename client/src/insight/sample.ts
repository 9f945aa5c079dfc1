import { isConnected, longest, roundTripOf, statsOf } from './reports.ts';

/** What the reports of a moment say of the connections of one participant. */
export interface Sample {
  /** What came so far, by stream. */
  readonly received: ReadonlyMap<number, { readonly packets: number; readonly lost: number }>;
  /** What the other end said last of what it gets, by stream. */
  readonly told: ReadonlyMap<number, { readonly time: number; readonly fractionLost: number }>;
  /** Milliseconds, of sound: packets of one picture are spread over time on purpose. */
  readonly jitter: number | undefined;
  /** Milliseconds. */
  readonly roundTrip: number | undefined;
  readonly connected: boolean;
}

export function sampleOf(reports: readonly RTCStatsReport[]): Sample {
  const inbound = reports.flatMap((report) => statsOf(report, 'inbound-rtp'));
  const remote = reports.flatMap((report) => statsOf(report, 'remote-inbound-rtp'));
  const received = inbound.map(
    ({ ssrc, packetsReceived = 0, packetsLost = 0 }) =>
      [ssrc, { packets: packetsReceived, lost: packetsLost }] as const,
  );
  const told = remote.map(
    ({ ssrc, timestamp, fractionLost = 0 }) => [ssrc, { time: timestamp, fractionLost }] as const,
  );
  return {
    received: new Map(received),
    told: new Map(told),
    jitter: longest([...inbound, ...remote].filter(({ kind }) => kind === 'audio').map(({ jitter }) => jitter)),
    roundTrip: roundTripOf(reports),
    connected: reports.some(isConnected),
  };
}

/** What happened between two samples. */
export interface Interval {
  /** Whether anything came from the other end. */
  readonly heard: boolean;
  /** 0 to 1; undefined if too little came to tell. */
  readonly loss: number | undefined;
  readonly jitter: number | undefined;
  readonly roundTrip: number | undefined;
}

/** With fewer packets than these, a single lost one would look like bad loss. */
const FEW_PACKETS = 20;

export function intervalOf(before: Sample, after: Sample): Interval {
  const { packets, lost } = receivedBetween(before, after);
  const told = [...after.told].filter(([ssrc, { time }]) => time > (before.told.get(ssrc)?.time ?? 0));
  const losses = told.map(([, { fractionLost }]) => fractionLost);
  if (packets + lost >= FEW_PACKETS) losses.push(lost / (packets + lost));
  const heard = packets > 0 || told.length > 0;
  return {
    heard,
    loss: losses.length > 0 ? Math.max(...losses) : undefined,
    jitter: heard ? after.jitter : undefined,
    roundTrip: after.connected ? after.roundTrip : undefined,
  };
}

/** Streams that began anew in between, or whose late packets turned up after all, do not count backwards. */
function receivedBetween(before: Sample, after: Sample): { packets: number; lost: number } {
  let packets = 0;
  let lost = 0;
  for (const [ssrc, now] of after.received) {
    const then = before.received.get(ssrc) ?? { packets: 0, lost: 0 };
    packets += Math.max(0, now.packets - then.packets);
    lost += Math.max(0, now.lost - then.lost);
  }
  return { packets, lost };
}
