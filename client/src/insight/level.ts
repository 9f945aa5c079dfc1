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

/** How loud what is sent is, 0 to 1, as it comes from the microphone: Firefox does not tell, and it is measured here instead. */
export class SentLevel {
  #context: AudioContext | undefined;
  #heard: { track: MediaStreamTrack; source: MediaStreamAudioSourceNode; analyser: AnalyserNode } | undefined;
  #stopped = false;

  async of(sender: RTCRtpSender): Promise<number> {
    const report = await sender.getStats();
    const levels = statsOf(report, 'media-source');
    const isTold = levels.some(({ audioLevel }) => audioLevel !== undefined);
    // Chromium does not tell either before it sends.
    const isSending = statsOf(report, 'outbound-rtp').length > 0;
    const { track } = sender;
    if (isTold || !isSending || !track || this.#stopped) return loudest(levels);
    return rootMeanSquare(this.#analyser(track));
  }

  stop(): void {
    this.#stopped = true;
    void this.#context?.close();
  }

  #analyser(track: MediaStreamTrack): AnalyserNode {
    if (this.#heard?.track === track) return this.#heard.analyser;
    this.#heard?.source.disconnect();
    this.#context ??= new AudioContext();
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.#context.createAnalyser();
    source.connect(analyser);
    this.#heard = { track, source, analyser };
    return analyser;
  }
}

function rootMeanSquare(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function loudest(stats: readonly { audioLevel?: number }[]): number {
  return Math.max(0, ...stats.map(({ audioLevel = 0 }) => audioLevel));
}
