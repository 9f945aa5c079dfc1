import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setting } from './environment.ts';

/** Reads the secret whose ARN a setting has: once for each sandbox, and again only after a failure. */
export function secretReader(arnSetting: string): () => Promise<string> {
  const client = new SecretsManagerClient({});
  let secret: Promise<string> | undefined;

  async function read(): Promise<string> {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: setting(arnSetting) }));
    if (!SecretString) throw new Error(`the secret of ${arnSetting} is empty`);
    return SecretString;
  }

  return () => {
    secret ??= read().catch((error: unknown) => {
      secret = undefined;
      throw error;
    });
    return secret;
  };
}
