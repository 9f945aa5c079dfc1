import { once } from 'node:events';
import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import WebSocket from 'ws';
import type { Credentials } from '../aws/index.ts';
import type { Signalling } from '../media-node.ts';
import { type ApiIdentity, apiIdentityOf, managementUrls, signallingUrls } from './api-urls.ts';
import { DeployError } from './deploy-error.ts';
import { localEndpoint } from './local-endpoint.ts';

export interface DeployedStack {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** What the stack has put out. */
  readonly outputs: Readonly<Record<string, string>>;
  /** In place of what is found. */
  readonly url?: string | undefined;
  readonly management?: string | undefined;
}

const DEADLINE = 10_000;
/** The id of a connection that there is nowhere. */
const NOBODY = 'bm9ib2R5PQ==';

/** How to speak to a signalling stack that an emulator runs. */
export async function reachDeployed(stack: DeployedStack): Promise<Signalling> {
  const { region, credentials, outputs } = stack;
  const api = apiIdentityOf(outputs.SignallingUrl ?? 'wss://nowhere.invalid');
  return {
    signallingUrl: stack.url ?? (await findSignalling(stack, api)),
    managementUrl: stack.management ?? (await findManagement(stack, api)),
    secretValue: await readSecret(stack, outputs.TokenSecretArn ?? ''),
    region,
    credentials,
  };
}

async function findSignalling({ endpoint, region, credentials }: DeployedStack, api: ApiIdentity): Promise<string> {
  const client = new ApiGatewayV2Client({ endpoint, region, credentials });
  const { Items: apis = [] } = await client.send(new GetApisCommand({}));
  const found = apis.find(({ ApiId }) => ApiId === api.apiId);
  if (found?.ApiEndpoint === undefined) {
    throw new DeployError(
      'api-not-found',
      `the emulator has no API ${api.apiId} with an endpoint: --url says where it is`,
    );
  }
  const urls = signallingUrls(found.ApiEndpoint, api, endpoint);
  const problems: string[] = [];
  for (const url of urls) {
    const problem = await opens(url).catch((error: unknown) => messageOf(error));
    if (problem === undefined) return url;
    problems.push(`${url}: ${problem}`);
  }
  throw new DeployError(
    'signalling-unreachable',
    ['the WebSocket API answers nowhere: --url says where it is', ...problems].join('\n    '),
  );
}

/** Undefined: it does. */
async function opens(url: string): Promise<undefined> {
  await localEndpoint(url.replace(/^ws/, 'http'));
  const socket = new WebSocket(url);
  try {
    await once(socket, 'open', { signal: AbortSignal.timeout(DEADLINE) });
  } finally {
    socket.on('error', () => {}).terminate();
  }
}

/** Where a connection that there is not is said to be gone. An emulator that says so nowhere has it at the first place. */
async function findManagement({ endpoint, region, credentials }: DeployedStack, api: ApiIdentity): Promise<string> {
  const urls = managementUrls(api, endpoint);
  for (const url of urls) {
    const client = new ApiGatewayManagementApiClient({ endpoint: url, region, credentials, maxAttempts: 1 });
    const status = await client.send(new GetConnectionCommand({ ConnectionId: NOBODY })).then(
      () => undefined,
      (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
    );
    if (status === 410) return url;
  }
  return urls[0];
}

async function readSecret({ endpoint, region, credentials }: DeployedStack, arn: string): Promise<string> {
  const client = new SecretsManagerClient({ endpoint, region, credentials });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString === undefined) throw new DeployError('deployment-failed', `the emulator gave ${arn} no value`);
  return SecretString;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
