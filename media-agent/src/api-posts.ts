import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { type Log, reasonOf } from './log.ts';

/** Rejects if it can be neither delivered nor said to be gone for good. */
export type PostFrame = (connectionId: string, frame: string) => Promise<'delivered' | 'gone'>;

export interface ApiPostsOptions {
  /** The @connections endpoint of the WebSocket API's stage. */
  endpoint: string;
  region: string;
  log: Log;
}

/** Attempts in all: what is throttled or broken for longer is the client's to ask for again. */
const ATTEMPTS = 3;
const REQUEST_TIMEOUT = 5_000;
const SOCKETS = 64;

/** Posts through API Gateway. */
export class ApiPosts {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #options: ApiPostsOptions;

  constructor(options: ApiPostsOptions) {
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

  readonly post: PostFrame = async (connectionId, frame) => {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      return 'delivered';
    } catch (error) {
      if (isGone(error)) return 'gone';
      throw error;
    }
  };

  close(): void {
    this.#client.destroy();
  }
}

export function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

function isGone(error: unknown): boolean {
  return statusOf(error) === 410 || (error instanceof Error && error.name === 'GoneException');
}
