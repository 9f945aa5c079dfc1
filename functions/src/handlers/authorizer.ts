import { randomUUID } from 'node:crypto';
import { allowAnonymous, setting } from '../environment.ts';
import type { AuthorizerEvent, InvocationContext } from '../gateway-events.ts';
import { log } from '../log.ts';
import { type AuthorizerContext, anonymousContext, contextOf } from '../messaging-node/session.ts';
import { secretReader } from '../secret.ts';
import { verifierOfSettings } from '../tokens/verifier.ts';
import { inInvocation } from './result.ts';

const verify = verifierOfSettings(secretReader('TOKEN_SECRET_ARN'));

/** Checks the token once, when the connection is opened; what it says accompanies every message. */
export function handler(event: AuthorizerEvent, context?: InvocationContext) {
  return inInvocation(context, () => decide(event), event.requestContext?.connectionId);
}

async function decide(event: AuthorizerEvent) {
  const token = event.queryStringParameters?.token;
  if (!token) {
    return allowAnonymous() ? allow(event, anonymousContext(setting('DOMAIN'), randomUUID())) : deny(event, 'no token');
  }
  const verdict = await verify(token);
  return verdict.ok ? allow(event, contextOf(verdict.claims, verdict.expires)) : deny(event, verdict.reason);
}

function allow(event: AuthorizerEvent, context: AuthorizerContext) {
  return { ...policy(event, 'Allow', context.user), context };
}

function deny(event: AuthorizerEvent, reason: string) {
  log('info', { at: 'authorizer', denied: reason });
  return policy(event, 'Deny', 'nobody');
}

function policy(event: AuthorizerEvent, Effect: 'Allow' | 'Deny', principalId: string) {
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }],
    },
  };
}
