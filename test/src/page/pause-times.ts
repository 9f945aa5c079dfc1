import type { RemotePublication, Room } from '@hyperroom/client';
import type { PauseTimes } from '../bench/pause-figures.ts';
import { now } from './first-frame.ts';

const EVERY = 10;
/** Nothing new for so long: it has stopped. */
const SILENCE = 500;
const DEADLINE = 10_000;

/** What pauses a video, and what brings it back. */
export interface Pause {
  readonly begin: () => void;
  readonly end: () => void;
}

/** Milliseconds from a pause's beginning to the last bytes of video, and from its end to the first decoded picture. */
export async function pauseTimes(room: Room, publication: RemotePublication, pause: Pause): Promise<PauseTimes> {
  const look = async () => {
    const { received } = await room.getStats();
    const video = received.find(({ kind, publication: name }) => kind === 'video' && name === publication.name);
    return { bytes: video?.bytes ?? 0, frames: video?.framesDecoded ?? 0 };
  };

  const pausedAt = now();
  pause.begin();
  let { bytes } = await look();
  let lastAt = now();
  while (now() - lastAt < SILENCE) {
    if (now() - pausedAt > DEADLINE) throw new Error('the video does not stop');
    await tick();
    const seen = await look();
    if (seen.bytes > bytes) lastAt = now();
    bytes = seen.bytes;
  }

  const { frames } = await look();
  const resumedAt = now();
  pause.end();
  while ((await look()).frames === frames) {
    if (now() - resumedAt > DEADLINE) throw new Error('the video does not come back');
    await tick();
  }
  return { stopMs: lastAt - pausedAt, resumeMs: now() - resumedAt };
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, EVERY));
}
