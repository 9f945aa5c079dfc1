import type { Buffer } from 'node:buffer';
import type { Gateway } from './gateway.ts';
import type { Limits, Throttle } from './limits.ts';
import type { Meter, MeteredInvocation } from './metrics.ts';
import { moment, type Witness } from './witness.ts';

export interface ManagementOptions {
  readonly gateway: Gateway;
  readonly limits: Limits;
  readonly requests: Throttle;
  readonly meter: Meter;
  readonly witness: Witness;
}

export interface ManagementReply {
  readonly status: number;
  readonly errorType?: string;
  readonly body?: unknown;
}

/** A signed request to `…/<stage>/@connections/<connection id>`. */
export interface ManagementRequest {
  readonly method: string;
  readonly connectionId: string;
  readonly body: Buffer;
  /** The invocation which sent it, if a function did. */
  readonly invocation: MeteredInvocation | undefined;
}

const gone: ManagementReply = { status: 410, errorType: 'GoneException', body: { message: '410' } };
const throttled: ManagementReply = {
  status: 429,
  errorType: 'LimitExceededException',
  body: { message: 'Too Many Requests' },
};
const tooLarge: ManagementReply = {
  status: 413,
  errorType: 'PayloadTooLargeException',
  body: { message: 'Payload too large' },
};

/** The `@connections` API. */
export async function manageConnection(
  { gateway, limits, requests, meter, witness }: ManagementOptions,
  request: ManagementRequest,
): Promise<ManagementReply> {
  const connection = gateway.find(request.connectionId);
  switch (request.method) {
    case 'POST': {
      const at = moment();
      const reply = await post();
      const { connectionId, body, invocation } = request;
      const { status } = reply;
      const record = { connectionId, bytes: body.length, status };
      if (invocation === undefined) meter.posted(undefined, record);
      else invocation.posted(record);
      witness({ kind: 'down', at, ms: moment() - at, connectionId, body, status, invocation });
      return reply;
    }
    case 'GET':
      if (!requests.admit()) return throttled;
      if (connection === undefined) return gone;
      return {
        status: 200,
        body: {
          connectedAt: new Date(connection.facts.connectedAt).toISOString(),
          identity: connection.facts.identity,
          lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
        },
      };
    case 'DELETE':
      if (!requests.admit()) return throttled;
      if (connection === undefined) return gone;
      connection.close(1000, 'Connection Closed Normally');
      return { status: 204 };
    default:
      return { status: 404, errorType: 'NotFoundException', body: { message: 'Not Found' } };
  }

  async function post(): Promise<ManagementReply> {
    if (!requests.admit()) return throttled;
    if (request.body.length > limits.messageBytes) return tooLarge;
    if (connection === undefined || !(await connection.send(request.body))) return gone;
    meter.messageDown(request.connectionId, request.body.length);
    return { status: 200 };
  }
}
