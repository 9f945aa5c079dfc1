import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Message } from '@hyperroom/protocol';
import { logError } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Posts to sockets of the WebSocket API. */
export interface Gateway {
  /** Posts one frame: a message, or several as an array. False: the connection is gone. */
  post(connectionId: string, messages: readonly Message[]): Promise<boolean>;
  isOpen(connectionId: string): Promise<boolean>;
  close(connectionId: string): Promise<void>;
}

export function openGateway(endpoint: string): Gateway {
  const client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 4 });

  /** False: the connection is gone. */
  async function reach(request: () => Promise<unknown>): Promise<boolean> {
    try {
      await request();
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  return {
    post(connectionId, messages) {
      const Data = JSON.stringify(messages.length === 1 ? messages[0] : messages);
      return reach(() => client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data })));
    },
    isOpen: (connectionId) => reach(() => client.send(new GetConnectionCommand({ ConnectionId: connectionId }))),
    async close(connectionId) {
      await reach(() => client.send(new DeleteConnectionCommand({ ConnectionId: connectionId })));
    },
  };
}

/** Counts the posts that come to nothing. */
export function metered(gateway: Gateway, metrics: Metrics): Gateway {
  return {
    ...gateway,
    async post(connectionId, messages) {
      try {
        const isThere = await gateway.post(connectionId, messages);
        if (!isThere) metrics.record({ PostsGone: 1 });
        return isThere;
      } catch (error) {
        metrics.record({ PostFailures: 1 });
        throw error;
      }
    },
  };
}

/**
 * For what is told to many: who cannot be told at the moment is none of the others' business. Updates that it misses it
 * finds out about by their versions.
 */
export function lenient(gateway: Gateway): Gateway {
  return {
    ...gateway,
    post: (connectionId, messages) =>
      gateway.post(connectionId, messages).catch((error) => {
        logError(error);
        return true;
      }),
  };
}

/** By status or by name: emulators get one or the other right. */
function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = '$metadata' in error && (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
  return status === 410 || error.name === 'GoneException';
}
