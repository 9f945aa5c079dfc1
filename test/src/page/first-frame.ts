/** Chromium's; TypeScript's DOM does not know it. */
type TrackProcessor = new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
const { MediaStreamTrackProcessor } = globalThis as { MediaStreamTrackProcessor?: TrackProcessor };

/** Milliseconds since the epoch, finer than `Date.now()`: comparable between the pages of a machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** When the first picture of a video track came out of the decoder; undefined if the track ended before. */
export function firstFrame(track: MediaStreamTrack): Promise<number | undefined> {
  return MediaStreamTrackProcessor ? firstRead(track, MediaStreamTrackProcessor) : firstShown(track);
}

async function firstRead(
  track: MediaStreamTrack,
  MediaStreamTrackProcessor: TrackProcessor,
): Promise<number | undefined> {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const { value } = await reader.read();
  const at = now();
  value?.close();
  await reader.cancel();
  return value && at;
}

/** Where there is no other way, as in Firefox: later than it came by the time until the next repaint. */
function firstShown(track: MediaStreamTrack): Promise<number | undefined> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  return new Promise<number | undefined>((resolve) => {
    video.requestVideoFrameCallback(() => resolve(now()));
    track.addEventListener('ended', () => resolve(undefined), { once: true });
    video.play().catch(() => {});
  }).finally(() => {
    video.srcObject = null;
  });
}
