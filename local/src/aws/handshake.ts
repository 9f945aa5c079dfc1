import type { ApiDefinition } from './api-definitions.ts';
import { hasIdentity, judge } from './authorizer.ts';
import type { Clock } from './clock.ts';
import {
  type AuthorizerContext,
  authorizerEvent,
  type ConnectionFacts,
  connectEvent,
  type Occasion,
} from './events.ts';
import type { Invoke } from './lambda.ts';
import type { Limits } from './limits.ts';
import { integrationTimeout } from './sandbox.ts';

export interface HandshakeOptions {
  readonly api: ApiDefinition;
  readonly limits: Limits;
  readonly skipsAuthorizer: boolean;
  readonly clock: Clock;
  readonly invoke: Invoke;
}

export interface Admission {
  readonly authorizer: AuthorizerContext | undefined;
  /** The subprotocol that `$connect` chose. */
  readonly subprotocol: string | undefined;
}

/** What a client that asks for a connection is answered: come in, or an HTTP status. */
export type Answer = { readonly admitted: Admission } | { readonly refused: number };

interface ConnectResult {
  readonly statusCode?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Asks the authorizer, then `$connect`. The connection may open only when this has returned. */
export async function answerHandshake(options: HandshakeOptions, connection: ConnectionFacts): Promise<Answer> {
  const { api, limits, skipsAuthorizer, clock, invoke } = options;
  const cause = { connectionId: connection.connectionId, routeKey: '$connect' };
  const occasion = { api, connection, routeKey: '$connect', authorizer: undefined, now: clock.now() };
  if (api.authorizer === undefined || skipsAuthorizer) return connect(options, occasion);
  if (!hasIdentity(api.authorizer.identitySources, connection.handshake)) return { refused: 401 };
  const event = authorizerEvent(occasion);
  const outcome = await invoke(api.authorizer.function, event, cause);
  const verdict = judge(outcome, event.methodArn, limits.authorizerContextBytes);
  if (!verdict.allowed) return { refused: verdict.status };
  return connect(options, { ...occasion, authorizer: verdict.context });
}

async function connect({ api, invoke }: HandshakeOptions, occasion: Occasion): Promise<Answer> {
  const { authorizer, connection } = occasion;
  const target = api.routes.get('$connect');
  if (target === undefined) return { admitted: { authorizer, subprotocol: undefined } };
  const outcome = await invoke(target, connectEvent(occasion), {
    connectionId: connection.connectionId,
    routeKey: '$connect',
  });
  if (!outcome.ok) return { refused: outcome === integrationTimeout ? 504 : 502 };
  const { statusCode, headers = {} } = (outcome.value ?? {}) as ConnectResult;
  if (typeof statusCode !== 'number') return { refused: 502 };
  if (statusCode < 200 || statusCode > 299) return { refused: statusCode };
  const [, subprotocol] = Object.entries(headers).find(([name]) => name.toLowerCase() === subprotocolHeader) ?? [];
  return { admitted: { authorizer, subprotocol: subprotocol === undefined ? undefined : String(subprotocol) } };
}

const subprotocolHeader = 'sec-websocket-protocol';
