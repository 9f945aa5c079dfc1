import type { AuthorizerContext } from './messaging-node/session.ts';

/*
 * The parts of API Gateway's WebSocket events that we read.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */

export interface RequestContext {
  readonly connectionId: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  /** When this request came, likewise. */
  readonly requestTimeEpoch?: number;
  /** Absent where an emulator skips the authorizer. */
  readonly authorizer?: AuthorizerContext;
}

export interface ConnectEvent {
  readonly requestContext: RequestContext;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null on some emulators, where there are none. */
  readonly queryStringParameters?: Readonly<Record<string, string>> | null;
}

export interface MessageEvent {
  readonly requestContext: RequestContext;
  readonly body?: string;
}

export interface DisconnectEvent {
  readonly requestContext: RequestContext;
}

export interface AuthorizerEvent {
  readonly methodArn: string;
  readonly requestContext?: Pick<RequestContext, 'connectionId'>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

/** The part of Lambda's that we read. Emulators may lack it. */
export interface InvocationContext {
  readonly awsRequestId?: string;
}

export interface Result {
  readonly statusCode: number;
}
