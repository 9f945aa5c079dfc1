import { MAX_BATCH_LENGTH, MAX_MESSAGE_BYTES, type Message } from '@hyperroom/protocol';
import { type PostFrame, statusOf } from './api-posts.ts';
import type { Counts } from './counts.ts';
import { type Log, reasonOf } from './log.ts';

export type PostOutcome = 'delivered' | 'gone' | 'given up';

export interface PosterOptions {
  post: PostFrame;
  /** The connection is gone for good. */
  onGone: (connectionId: string) => void;
  /** What became of it is known. */
  onPosted?: (connectionId: string, messages: readonly Message[], outcome: PostOutcome) => void;
  counts: Counts;
  log: Log;
}

/**
 * Milliseconds, on the average, until a frame is posted again that API Gateway did not take: what it carries is told once. In the
 * end the client has asked for it anew, or is gone.
 */
const DELAYS = [500, 1_000, 2_000, 4_000, 8_000];

/** Posts to clients: to one in order, to many at once. */
export class Poster {
  readonly #options: PosterOptions;
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: PosterOptions) {
    this.#options = options;
  }

  /** Never rejects: what became of it is logged, and a connection that is gone is made known. */
  post(connectionId: string, messages: readonly Message[]): Promise<void> {
    const before = this.#queues.get(connectionId) ?? Promise.resolve();
    const done = before.then(async () => {
      const outcome = await this.#postFrames(connectionId, messages);
      this.#options.onPosted?.(connectionId, messages, outcome);
    });
    this.#queues.set(connectionId, done);
    return done.then(() => {
      if (this.#queues.get(connectionId) === done) this.#queues.delete(connectionId);
    });
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  async #postFrames(connectionId: string, messages: readonly Message[]): Promise<PostOutcome> {
    const { log, counts, onGone } = this.#options;
    for (const frame of framesOf(messages)) {
      const outcome = await this.#postAtLast(connectionId, frame);
      if (outcome === 'delivered') continue;
      counts.add(outcome === 'gone' ? 'postsGone' : 'postFailures');
      if (outcome === 'gone') {
        log.info('connection gone', { connectionId });
        onGone(connectionId);
      }
      return outcome;
    }
    return 'delivered';
  }

  async #postAtLast(connectionId: string, frame: string): Promise<PostOutcome> {
    const { post, log } = this.#options;
    for (const delay of [...DELAYS, null]) {
      try {
        return await post(connectionId, frame);
      } catch (error) {
        const status = statusOf(error);
        log.error('post failed', { connectionId, status, reason: reasonOf(error) });
        if (delay === null || !isPassing(status)) break;
        await new Promise((resolve) => setTimeout(resolve, delay * (0.5 + Math.random())));
      }
    }
    return 'given up';
  }
}

/** As few frames as the limits of a message allow, in order. */
export function framesOf(messages: readonly Message[]): string[] {
  const frames: string[] = [];
  let batch: string[] = [];
  let size = 0;
  const flush = () => {
    if (batch.length > 0) frames.push(batch.length === 1 ? `${batch[0]}` : `[${batch.join(',')}]`);
    batch = [];
    size = 0;
  };
  for (const message of messages) {
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes + 1 > MAX_MESSAGE_BYTES || batch.length === MAX_BATCH_LENGTH) flush();
    batch.push(text);
    size += bytes;
  }
  flush();
  return frames;
}

/** Throttled, broken, or not reached at all. */
function isPassing(status = 500): boolean {
  return status === 429 || status >= 500;
}
