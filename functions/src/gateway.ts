import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Message } from '@hyperroom/protocol';

/** Posts to sockets of the WebSocket API. */
export interface Gateway {
  /** Posts one frame: a message, or several as an array. False: the connection is gone. */
  post(connectionId: string, messages: readonly Message[]): Promise<boolean>;
}

export function openGateway(endpoint: string): Gateway {
  const client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 4 });
  return {
    async post(connectionId, messages) {
      const frame = messages.length === 1 ? messages[0] : messages;
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) }));
        return true;
      } catch (error) {
        if (isGone(error)) return false;
        throw error;
      }
    },
  };
}

/** By status or by name: emulators get one or the other right. */
function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = '$metadata' in error && (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
  return status === 410 || error.name === 'GoneException';
}
