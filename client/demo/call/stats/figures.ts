import type { ReceivedStats, RoomStats, SentStats } from '../../../src/index.ts';

export type StreamStats = SentStats | ReceivedStats;

export interface StreamFigures {
  key: string;
  stream: StreamStats;
  /** What is to be said of it, in words. */
  text: string;
}

/** What all streams together come to between two measurements, as terms and facts. */
export function totals(before: RoomStats, now: RoomStats): [string, string][] {
  const { bytesSent, bytesReceived, packetsReceived, packetsLost, roundTrip } = now.totals;
  const seconds = (now.time - before.time) / 1000;
  return [
    ['Sent', rate(bytesSent - before.totals.bytesSent, seconds)],
    ['Received', rate(bytesReceived - before.totals.bytesReceived, seconds)],
    ['Lost', `${packetsLost} of ${packetsReceived + packetsLost} packets`],
    ['There and back', milliseconds(roundTrip)],
  ];
}

export function streams(before: RoomStats, now: RoomStats): StreamFigures[] {
  const seconds = (now.time - before.time) / 1000;
  const earlier = new Map([...before.sent, ...before.received].map((stream) => [keyOf(stream), stream]));
  return [...now.sent, ...now.received].map((stream) => {
    const key = keyOf(stream);
    const facts = [
      rate(stream.bytes - (earlier.get(key)?.bytes ?? 0), seconds),
      picture(stream),
      stream.packetsLost !== undefined && `${stream.packetsLost} lost`,
      stream.jitter !== undefined && `jitter ${milliseconds(stream.jitter)}`,
    ];
    return { key, stream, text: facts.filter(Boolean).join(' · ') };
  });
}

function keyOf(stream: StreamStats): string {
  return `${'participant' in stream ? stream.participant : ''} ${stream.publication} ${stream.kind}`;
}

function rate(bytes: number, seconds: number): string {
  return `${Math.round(Math.max(0, bytes * 8) / seconds / 1000)} kbit/s`;
}

function milliseconds(time: number | undefined): string {
  return time === undefined ? '–' : `${Math.round(time)} ms`;
}

function picture({ width, height, fps = 0 }: StreamStats): string | undefined {
  return width && height ? `${width}×${height}, ${Math.round(fps)} fps` : undefined;
}
