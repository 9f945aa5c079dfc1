/** Chromium's; TypeScript's DOM does not know it. */
declare const MediaStreamTrackProcessor: new (init: {
  track: MediaStreamTrack;
}) => { readable: ReadableStream<VideoFrame> };

/** Milliseconds since the epoch, finer than `Date.now()`: comparable between the pages of a machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** When the first picture of a video track came out of the decoder; undefined if the track ended before. */
export async function firstFrame(track: MediaStreamTrack): Promise<number | undefined> {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const { value } = await reader.read();
  const at = now();
  value?.close();
  await reader.cancel();
  return value && at;
}
