import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { type AwsEmulator, readDeployment, startAwsEmulator } from '@hyperroom/local/aws';
import { unzipSync } from 'fflate';
import { type Answer, json, result } from './answers.ts';
import { Buckets } from './buckets.ts';
import { type ArrivedTemplate, type Outputs, Stacks } from './stacks.ts';

/**
 * What an emulator of AWS is to `cdklocal bootstrap` and `cdklocal deploy`: one port that speaks STS, SSM, S3, CloudFormation, and then
 * API Gateway's control plane, Secrets Manager and `@connections`. The signalling stack that arrives is run, from its template and its
 * zipped functions as they came over the wire, by our own emulator. It passes the authorizer over, as MiniStack does.
 */
export interface StandIn extends AsyncDisposable {
  readonly endpoint: string;
  /** `Service.Operation` or `METHOD path`, in order, with the access key that each was signed with. */
  readonly calls: readonly Call[];
  template(stackName: string): ArrivedTemplate | undefined;
  emulator(): AwsEmulator;
}

export interface Call {
  readonly what: string;
  readonly accessKeyId: string | undefined;
}

export interface StandInOptions {
  /** What `GetApis` calls the endpoint of the WebSocket API. Default: where it is. */
  readonly apiEndpoint?: string;
}

const ACCOUNT = '000000000000';
const SIGNALLING_API = 'AWS::ApiGatewayV2::Api';

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const standIn = new Server(options);
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await standIn.answer(request, await buffer(request));
    response.writeHead(status, { ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls: standIn.calls,
    template: (name) => standIn.stacks.template(name),
    emulator: () => standIn.emulator,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await standIn.close();
    },
  };
}

class Server {
  readonly calls: Call[] = [];
  readonly buckets = new Buckets();
  readonly stacks: Stacks;
  readonly #options: StandInOptions;
  #running: { emulator: AwsEmulator; apiId: string; outputs: Outputs } | undefined;
  #folder: string | undefined;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.stacks = new Stacks({
      deploy: (_, template) => this.#deploy(template),
      fetch: (url) => this.buckets.get(new URL(url).pathname.slice(1)).toString(),
    });
  }

  get emulator(): AwsEmulator {
    if (this.#running === undefined) throw new Error('no signalling stack has been deployed');
    return this.#running.emulator;
  }

  async close(): Promise<void> {
    await this.#running?.emulator.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async answer(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const [, accessKeyId] = /Credential=([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
    const target = request.headers['x-amz-target'];
    const input = new URLSearchParams(body.toString());
    const operation = input.get('Action');
    const what = String(target ?? operation ?? `${request.method} ${pathname}`);
    this.calls.push({ what, accessKeyId });
    if (target !== undefined) return this.#answerJson(String(target), JSON.parse(body.toString()));
    if (operation === 'GetCallerIdentity') {
      return result(
        operation,
        `<Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:root</Arn><UserId>x</UserId>`,
      );
    }
    if (operation === 'AssumeRole') return result(operation, ASSUMED);
    if (operation !== null) return this.stacks.answer(operation, input);
    if (pathname === '/v2/apis') return this.#apis();
    if (pathname.startsWith('/_aws/execute-api/')) return this.#manage(request.method, pathname, body);
    return this.buckets.answer(request, body);
  }

  #answerJson(target: string, input: Record<string, unknown>): Answer {
    if (target === 'AmazonSSM.GetParameter') return json({ Parameter: { Name: input.Name, Value: '32', Version: 1 } });
    if (target === 'secretsmanager.GetSecretValue' && input.SecretId === this.#running?.outputs.TokenSecretArn) {
      return json({ ARN: input.SecretId, SecretString: this.emulator.secretValue });
    }
    return json({ __type: 'ResourceNotFoundException', message: `${target} ${JSON.stringify(input)}` }, 400);
  }

  #apis(): Answer {
    if (this.#running === undefined) return json({ items: [] });
    const { apiId, emulator } = this.#running;
    const apiEndpoint = this.#options.apiEndpoint ?? new URL(emulator.signallingUrl).origin;
    return json({ items: [{ apiId, protocolType: 'WEBSOCKET', name: 'Api', apiEndpoint }] });
  }

  /** Signed anew: our emulator knows no `test`. */
  async #manage(method: string | undefined, pathname: string, Data: Buffer): Promise<Answer> {
    const ConnectionId = decodeURIComponent(pathname.split('/@connections/')[1] ?? '');
    const { region, credentials, managementUrl } = this.emulator;
    const client = new ApiGatewayManagementApiClient({ region, credentials, endpoint: managementUrl, maxAttempts: 1 });
    try {
      if (method === 'POST') await client.send(new PostToConnectionCommand({ ConnectionId, Data }));
      else if (method === 'DELETE') await client.send(new DeleteConnectionCommand({ ConnectionId }));
      else await client.send(new GetConnectionCommand({ ConnectionId }));
      return json({});
    } catch (error) {
      const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
      return json({ message: name }, $metadata?.httpStatusCode ?? 500);
    }
  }

  async #deploy(template: ArrivedTemplate): Promise<Outputs> {
    const resources = Object.values(template.Resources);
    if (!resources.some(({ Type }) => Type === SIGNALLING_API)) return { BootstrapVersion: '32', BucketName: bucket() };
    const deployment = readDeployment(template);
    this.#folder = await mkdtemp(join(tmpdir(), 'hyperroom-stand-in-'));
    const assets: Record<string, string> = {};
    for (const { codeKey } of deployment.functions) {
      assets[codeKey] = join(this.#folder, codeKey);
      await unzip(this.buckets.get(`${bucket()}/${codeKey}`), assets[codeKey]);
    }
    const emulator = await startAwsEmulator({ template, assets, warmSandboxes: 2, skipsAuthorizer: true });
    this.#running = { emulator, apiId: deployment.api.id, outputs: deployment.outputs };
    return deployment.outputs;
  }
}

const ASSUMED =
  '<Credentials><AccessKeyId>test</AccessKeyId><SecretAccessKey>test</SecretAccessKey><SessionToken>test</SessionToken>' +
  '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';

function bucket(): string {
  return `cdk-hnb659fds-assets-${ACCOUNT}-us-east-1`;
}

async function unzip(archive: Buffer, folder: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(archive))) {
    if (name.endsWith('/')) continue;
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
