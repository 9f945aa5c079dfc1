import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { allowAnonymous, setting } from '../environment.ts';
import type { AuthorizerEvent } from '../gateway-events.ts';
import { type AuthorizerContext, anonymousContext, contextOf } from '../messaging-node/session.ts';
import { verifyToken } from '../token.ts';

const secrets = new SecretsManagerClient({});
let secret: Promise<string> | undefined;

/** Checks the token once, when the connection is opened; what it says accompanies every message. */
export async function handler(event: AuthorizerEvent) {
  const token = event.queryStringParameters?.token;
  if (!token) {
    return allowAnonymous() ? allow(event, anonymousContext(setting('DOMAIN'), randomUUID())) : deny(event);
  }
  const claims = await verifyToken(token, await tokenSecret());
  return claims ? allow(event, contextOf(claims)) : deny(event);
}

function tokenSecret(): Promise<string> {
  secret ??= readSecret().catch((error: unknown) => {
    secret = undefined;
    throw error;
  });
  return secret;
}

async function readSecret(): Promise<string> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: setting('TOKEN_SECRET_ARN') }));
  if (!SecretString) throw new Error('the token secret is empty');
  return SecretString;
}

function allow(event: AuthorizerEvent, context: AuthorizerContext) {
  return { ...policy(event, 'Allow', context.user), context };
}

function deny(event: AuthorizerEvent) {
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
