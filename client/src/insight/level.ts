import { statsOf } from './reports.ts';

/** Milliseconds after which what was played is of the past. */
const STALE = 500;

/**
 * How loud a received track is, 0 to 1. A sender's own measurement is nearly free to read, and right for tracks that are not
 * played, but comes only where the RTP header extension for it was negotiated (RFC 6464): Kurento does not. Otherwise it is
 * the browser's measurement of what it plays, and 0 of a track that is not played.
 */
export function receivedLevel(receiver: RTCRtpReceiver): number | Promise<number> {
  const now = performance.timeOrigin + performance.now();
  const recent = receiver.getSynchronizationSources().filter(({ timestamp }) => now - timestamp <= STALE);
  if (recent.length === 0) return 0;
  const levels = recent.map(({ audioLevel }) => audioLevel).filter((level) => level !== undefined);
  return levels.length > 0 ? Math.max(...levels) : playedLevel(receiver);
}

async function playedLevel(receiver: RTCRtpReceiver): Promise<number> {
  return loudest(statsOf(await receiver.getStats(), 'inbound-rtp'));
}

/** How loud the track is that a sender sends, 0 to 1, as it comes from the microphone. */
export async function sentLevel(sender: RTCRtpSender): Promise<number> {
  return loudest(statsOf(await sender.getStats(), 'media-source'));
}

function loudest(stats: readonly { audioLevel?: number }[]): number {
  return Math.max(0, ...stats.map(({ audioLevel = 0 }) => audioLevel));
}
