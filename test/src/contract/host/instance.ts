import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What an EC2 instance can ask about itself, and the Auto Scaling service, as far as a media host speaks with it. */
export interface InstanceOptions {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Runs a command of the host: what it prints, or a failure. */
  readonly command: (name: string, args: readonly string[]) => Promise<string>;
}

export const INSTANCE = { id: 'i-0123456789abcdef0', group: 'hosts-of-the-test', publicIp: '198.51.100.7' } as const;
const PRIVATE_IP = '10.0.0.7';
const TOKEN = 'metadata-token';

/** The world around a media host, on one port of the loopback. */
export class Instance implements AsyncDisposable {
  lifecycleState = 'InService';
  /** What the host has asked of Auto Scaling by itself, in its query protocol. */
  readonly scalingRequests: Record<string, string>[] = [];
  readonly #server: Server;
  readonly #options: InstanceOptions;

  static async start(options: InstanceOptions): Promise<Instance> {
    const instance = new Instance(options);
    await new Promise<void>((resolve) => instance.#server.listen(0, '127.0.0.1', resolve));
    return instance;
  }

  private constructor(options: InstanceOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const [, area = '', name = ''] = /^\/(latest|command)\/(.+)$/.exec(request.url ?? '') ?? [];
    if (area === 'latest') this.#tellMetadata(request, response, name);
    else if (area === 'command') await this.#runCommand(response, name, body);
    else this.#takeScalingRequest(response, body);
  }

  #tellMetadata({ method, headers }: IncomingMessage, response: ServerResponse, path: string): void {
    if (method === 'PUT' && path === 'api/token') {
      const lifetime = headers['x-aws-ec2-metadata-token-ttl-seconds'] ?? '60';
      response.writeHead(200, { 'x-aws-ec2-metadata-token-ttl-seconds': lifetime }).end(TOKEN);
      return;
    }
    // The first version, which asks for no token, is off.
    if (headers['x-aws-ec2-metadata-token'] !== TOKEN) {
      response.writeHead(401).end();
      return;
    }
    const found = this.#metadata[path.replace('meta-data/', '')];
    response.writeHead(found === undefined ? 404 : 200).end(found);
  }

  get #metadata(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = this.#options.credentials;
    return {
      'instance-id': INSTANCE.id,
      'local-ipv4': PRIVATE_IP,
      'public-ipv4': INSTANCE.publicIp,
      'tags/instance/aws:autoscaling:groupName': INSTANCE.group,
      'autoscaling/target-lifecycle-state': this.lifecycleState,
      'iam/security-credentials/': 'host-role',
      'iam/security-credentials/host-role': JSON.stringify({
        Code: 'Success',
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: 'session',
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    };
  }

  async #runCommand(response: ServerResponse, name: string, body: string): Promise<void> {
    try {
      response.end(await this.#options.command(name, body.split('\n').slice(0, -1)));
    } catch {
      response.writeHead(500).end();
    }
  }

  #takeScalingRequest(response: ServerResponse, body: string): void {
    const request = Object.fromEntries(new URLSearchParams(body));
    this.scalingRequests.push(request);
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(`<${request.Action}Response><${request.Action}Result/></${request.Action}Response>`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
