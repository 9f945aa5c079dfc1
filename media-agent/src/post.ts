import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { MAX_BATCH_LENGTH, MAX_MESSAGE_BYTES, type Message } from '@hyperroom/protocol';
import { type Log, reasonOf } from './log.ts';

export interface PosterOptions {
  /** The @connections endpoint of the WebSocket API's stage. */
  endpoint: string;
  region: string;
  /** The connection is gone for good. */
  onGone: (connectionId: string) => void;
  log: Log;
}

/** Attempts in all: what is throttled or broken for longer is the client's to ask for again. */
const ATTEMPTS = 3;
const REQUEST_TIMEOUT = 5_000;
const SOCKETS = 64;

/** Posts to clients: to one in order, to many at once. */
export class Poster {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #options: PosterOptions;
  readonly #queues = new Map<string, Promise<void>>();

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#client = new ApiGatewayManagementApiClient({
      endpoint: options.endpoint,
      region: options.region,
      // The SDK's standard mode backs off with jitter on 429 and 5xx, within a budget that all requests share.
      maxAttempts: ATTEMPTS,
      requestHandler: {
        connectionTimeout: REQUEST_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        httpAgent: { keepAlive: true, maxSockets: SOCKETS },
        httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
      },
    });
  }

  /** The first signed request loads credentials and opens the connection: not to be paid for by the first join. */
  async warmUp(): Promise<void> {
    const { log, endpoint } = this.#options;
    try {
      await this.#client.send(new GetConnectionCommand({ ConnectionId: 'warm-up=' }));
    } catch (error) {
      // 410 (or 400) is the answer to a made-up connection; it shows that signature and endpoint are accepted.
      const status = statusOf(error);
      if (isGone(error) || status === 400 || status === 404) return;
      log.error('cannot reach the clients: check MANAGEMENT_ENDPOINT and the AWS credentials', {
        endpoint,
        status,
        reason: reasonOf(error),
      });
    }
  }

  /** Never rejects: what became of it is logged, and a connection that is gone is made known. */
  post(connectionId: string, messages: readonly Message[]): Promise<void> {
    const before = this.#queues.get(connectionId) ?? Promise.resolve();
    const done = before.then(() => this.#postFrames(connectionId, messages));
    this.#queues.set(connectionId, done);
    return done.then(() => {
      if (this.#queues.get(connectionId) === done) this.#queues.delete(connectionId);
    });
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  close(): void {
    this.#client.destroy();
  }

  async #postFrames(connectionId: string, messages: readonly Message[]): Promise<void> {
    const { log, onGone } = this.#options;
    for (const frame of framesOf(messages)) {
      try {
        await this.#client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      } catch (error) {
        if (!isGone(error)) {
          log.error('post failed', { connectionId, status: statusOf(error), reason: reasonOf(error) });
          return;
        }
        log.info('connection gone', { connectionId });
        onGone(connectionId);
        return;
      }
    }
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

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

function isGone(error: unknown): boolean {
  return statusOf(error) === 410 || (error instanceof Error && error.name === 'GoneException');
}
