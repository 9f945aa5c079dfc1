import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Stack } from '@hyperroom/local';
import type { AwsEmulator, Metrics } from '@hyperroom/local/aws';

type Addresses = 'demo' | 'signalling' | 'management' | 'api' | 'metrics' | 'domain' | 'kurento';

/** What is to be known of a stack to speak to it, also from another process than its own. */
export interface RunningStack extends Pick<Stack, Addresses> {
  readonly emulator: Pick<AwsEmulator, 'region' | 'credentials' | 'dynamoDbUrl' | 'outputs'>;
}

export function addressesOf(stack: Stack): RunningStack {
  const { demo, signalling, management, api, metrics, domain, kurento } = stack;
  const { region, credentials, dynamoDbUrl, outputs } = stack.emulator;
  const emulator = { region, credentials, dynamoDbUrl, outputs };
  return { demo, signalling, management, api, metrics, domain, kurento, emulator };
}

export async function metricsOf({ metrics }: RunningStack): Promise<Metrics> {
  return (await (await fetch(metrics)).json()) as Metrics;
}

/** Ends a client's connection as AWS lets whoever may: its other end is told. */
export async function deleteConnection(stack: RunningStack, ConnectionId: string): Promise<void> {
  const { region, credentials } = stack.emulator;
  const client = new ApiGatewayManagementApi({ region, credentials, endpoint: stack.management });
  await client.deleteConnection({ ConnectionId });
  client.destroy();
}
