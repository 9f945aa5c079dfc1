import type { AuthorizerEvent, InvocationContext } from '../gateway-events.ts';
import { log } from '../log.ts';
import type { AuthorizerContext } from '../messaging-node/session.ts';
import { secretReader } from '../secret.ts';
import { admission } from '../tokens/admission.ts';
import { verifierOfSettings } from '../tokens/verifier.ts';
import { inInvocation } from './result.ts';

const judge = admission(verifierOfSettings(secretReader('TOKEN_SECRET_ARN')));

/** Checks the token once, when the connection is opened; what it says accompanies every message. */
export function handler(event: AuthorizerEvent, context?: InvocationContext) {
  return inInvocation(context, () => decide(event), event.requestContext?.connectionId);
}

async function decide(event: AuthorizerEvent) {
  const verdict = await judge(event.queryStringParameters?.token);
  return 'denied' in verdict ? deny(event, verdict.denied) : allow(event, verdict.admitted);
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
