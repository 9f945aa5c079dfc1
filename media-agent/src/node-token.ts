import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NODE_KEY } from '@hyperroom/protocol';
import { SignJWT } from 'jose';

export interface NodeIdentity {
  readonly domain: string;
  readonly nodeId: string;
}

/** Only the handshake needs it. */
const LIFETIME = '5 minutes';
const REQUEST_TIMEOUT = 5_000;

/** The token by which a node enters, signed with the secret of the media nodes. */
export function signNodeToken({ domain, nodeId }: NodeIdentity, secret: string): Promise<string> {
  return new SignJWT({ role: 'media-node' })
    .setProtectedHeader({ alg: 'HS256', kid: NODE_KEY })
    .setSubject(`user://${domain}/${nodeId}`)
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(new TextEncoder().encode(secret));
}

/** Reads a secret in Secrets Manager, each time anew: one that was rotated is good from the next connection on. */
export function secretReader(arn: string, region: string): () => Promise<string> {
  const requestHandler = { connectionTimeout: REQUEST_TIMEOUT, requestTimeout: REQUEST_TIMEOUT };
  const client = new SecretsManagerClient({ region, requestHandler });
  return async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (!SecretString) throw new Error(`the secret ${arn} is empty`);
    return SecretString;
  };
}
