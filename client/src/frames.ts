import { MAX_BATCH_LENGTH, MAX_FRAME_BYTES, type Message } from '@hyperroom/protocol';
import { HyperroomError } from './errors.ts';

/** Messages as text frames, as few as may be; throws `bad-request` for one that no frame can take. */
export function inFrames(messages: readonly object[]): string[] {
  return batches(messages, MAX_FRAME_BYTES, MAX_BATCH_LENGTH).map((batch) => {
    const [first, ...more] = batch;
    if (more.length > 0) return JSON.stringify(batch);
    if (sizeOf(first) > MAX_FRAME_BYTES - 2)
      throw new HyperroomError('bad-request', `a message has at most ${MAX_FRAME_BYTES} bytes`);
    return JSON.stringify(first);
  });
}

/** The messages of a text frame; what else there may be in it is left out. */
export function messagesOf(frame: string): Message[] {
  try {
    return [JSON.parse(frame)].flat().filter(isMessage);
  } catch {
    return [];
  }
}

/** The messaging node relays nothing else; API Gateway says things of its own. */
function isMessage(each: Partial<Message> | null | undefined): each is Message {
  const { id, type, from, to, body = {} } = each ?? {};
  const isNamed = typeof id === 'string' || typeof id === 'number';
  return isNamed && areTexts(type, from, to) && isObject(body);
}

export function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Cuts a list into lists that are, each, of so many elements and so many bytes as JSON at the most; what is larger is in one by itself. */
export function batches<T>(list: readonly T[], bytes: number, count: number): T[][] {
  const all: T[][] = [];
  let room = 0;
  for (const each of list) {
    // With the comma, or the bracket, before it.
    const size = sizeOf(each) + 1;
    const batch = all.at(-1);
    if (!batch || size > room || batch.length === count) {
      all.push([each]);
      room = bytes - 1 - size;
    } else {
      batch.push(each);
      room -= size;
    }
  }
  return all;
}

const sizeOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
