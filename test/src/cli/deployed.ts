import { ApiGatewayManagementApiClient, GetConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { mintToken } from '@hyperroom/client/server';
import { callDeployed } from '../call/deployed-call.ts';
import { runConformance } from '../conformance/run.ts';
import { run } from './command.ts';
import { type DeployedRequest, deployedRequestOf, HELP } from './deployed-request.ts';

const TOKEN_LIFETIME = 3600;

async function main(): Promise<void> {
  const request = deployedRequestOf(process.argv.slice(2));
  if (!request) {
    process.stdout.write(HELP);
    return;
  }
  const { url, domain, management } = request;
  const tokens = await tokensOf(request);
  const results: string[] = [];
  if (management !== undefined) results.push(await tryManagement(management));
  if (request.conformance) {
    results.push((await runConformance({ url, domain, tokens })) ? 'the protocol: passed' : 'FAILED: the protocol');
  }
  if (request.call) results.push(await tryCall(request, tokens));
  process.stdout.write(`\n${results.map((result) => `  ${result}\n`).join('')}`);
  if (results.some((result) => result.startsWith('FAILED'))) process.exitCode = 1;
}

/** Of two users, for any room. */
async function tokensOf({ secret, tokens, domain }: DeployedRequest): Promise<readonly string[]> {
  if (secret === undefined) return tokens;
  const users = ['ada', 'ben'].map((name) => `user://${domain}/${name}`);
  return Promise.all(
    users.map((user) => mintToken({ user, room: '*', create: true, expiresIn: TOKEN_LIFETIME, secret })),
  );
}

async function tryManagement(endpoint: string): Promise<string> {
  const client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 1 });
  const answer = await client.send(new GetConnectionCommand({ ConnectionId: 'bm9ib2R5PQ==' })).then(
    () => '200',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      String(error.$metadata?.httpStatusCode ?? error.message),
  );
  return answer === '410'
    ? '@connections: a connection that there is not is gone'
    : `FAILED: @connections answered ${answer} for a connection that there is not, not 410`;
}

async function tryCall({ url, domain, page }: DeployedRequest, tokens: readonly string[]): Promise<string> {
  const onProgress = (step: string) => void process.stderr.write(`  ${step}\n`);
  try {
    const call = await callDeployed({ url, domain, tokens, page, onProgress });
    if (call.media === 'none') return 'a call: the join was answered; there is no media node to carry it';
    return `a call: two browsers saw and heard each other (${call.streams.map(({ from, to }) => `${from} → ${to}`).join(', ')})`;
  } catch (error) {
    return `FAILED: a call: ${error instanceof Error ? error.message : String(error)}`;
  }
}

run(main);
