import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const TOKEN = 'token-of-imds-v2';
const OK = '<Response><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></Response>';

/** What an instance of an Auto Scaling group has to do with: its metadata (IMDSv2 only), and the Auto Scaling API. */
export class FakeAutoScaling {
  readonly instance: string;
  readonly #server: Server;
  /** What the API was asked for. */
  readonly actions: Record<string, string>[] = [];
  /** What the group wants the instance to become. */
  target = 'InService';

  static async listen(instance: string): Promise<FakeAutoScaling> {
    const fake = new FakeAutoScaling(instance);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  private constructor(instance: string) {
    this.instance = instance;
    this.#server = createServer(async (request, response) => {
      const body = request.method === 'POST' ? await this.#act(request) : this.#metadata(request);
      response.writeHead(body === undefined ? 401 : 200, { 'content-type': 'text/xml' }).end(body);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #act(request: IncomingMessage): Promise<string> {
    const { Version: _, ...action } = Object.fromEntries(new URLSearchParams(await text(request)));
    this.actions.push(action);
    return OK;
  }

  #metadata({ method, url, headers }: IncomingMessage): string | undefined {
    if (method === 'PUT' && url === '/latest/api/token') return TOKEN;
    if (headers['x-aws-ec2-metadata-token'] !== TOKEN) return undefined;
    return url === '/latest/meta-data/instance-id' ? this.instance : this.target;
  }
}
