import { MAX_BATCH_LENGTH, MAX_FRAME_BYTES } from '@hyperroom/protocol';
import { HyperroomError } from './errors.ts';

/** Messages as text frames, as few as may be; throws `bad-request` for one that no frame can take. */
export function inFrames(messages: readonly object[]): string[] {
  const frames: string[][] = [];
  let room = 0;
  for (const message of messages) {
    const text = JSON.stringify(message);
    // With the comma, or the bracket, before it.
    const size = new TextEncoder().encode(text).length + 1;
    if (size + 1 > MAX_FRAME_BYTES)
      throw new HyperroomError('bad-request', `a message has at most ${MAX_FRAME_BYTES} bytes`);
    const frame = frames.at(-1);
    if (!frame || size > room || frame.length === MAX_BATCH_LENGTH) {
      frames.push([text]);
      room = MAX_FRAME_BYTES - 1 - size;
    } else {
      frame.push(text);
      room -= size;
    }
  }
  return frames.map((frame) => (frame.length === 1 ? `${frame[0]}` : `[${frame.join()}]`));
}
