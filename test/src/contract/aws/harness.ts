import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Settings, type SynthesisedStack, synthSignalling } from '@hyperroom/infra';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@hyperroom/local/aws';
import { expect, onTestFinished, vi } from 'vitest';
import WebSocket from 'ws';

const entryFolder = fileURLToPath(new URL('./fixtures/handlers', import.meta.url));

export function synthFixture(options: Partial<Settings> = {}): Promise<SynthesisedStack> {
  return synthSignalling({ domain: 'localhost', allowAnonymous: true, entryFolder, ...options });
}

export interface Fixture extends AsyncDisposable {
  readonly emulator: AwsEmulator;
  readonly tableName: string;
  readonly dynamoDb: DynamoDBClient;
  readonly management: ApiGatewayManagementApiClient;
  connect(query?: Record<string, string>): Promise<Client>;
  /** The connection that opened last. */
  newestConnection(): Promise<string>;
  onlyConnection(): Promise<string>;
  /** The event that `$disconnect` left in the table. */
  disconnectEvent(connectionId: string): Promise<DisconnectEvent>;
  /** Waits until no more than so many functions run: a reply comes before its function has returned. */
  settled(running?: number): Promise<void>;
}

interface DisconnectEvent {
  readonly requestContext: Readonly<Record<string, unknown>>;
}

export interface FixtureOptions extends Omit<AwsEmulatorOptions, 'template' | 'assets'> {
  readonly allowAnonymous?: boolean;
  /** Where the webhook posts to. Default: there is none, and no event bus. */
  readonly webhookUrl?: string;
  readonly edit?: (stack: SynthesisedStack) => SynthesisedStack;
}

/** The real signalling stack with the fixture handlers in it. */
export async function startFixture(fixtureOptions: FixtureOptions = {}): Promise<Fixture> {
  const { allowAnonymous = true, webhookUrl, edit, ...options } = fixtureOptions;
  // Its URL is given to the emulator: in the template it would make each port another synthesis.
  const webhook = webhookUrl === undefined ? {} : { webhookUrl: 'http://webhook.invalid/' };
  const synthesised = await synthFixture({ allowAnonymous, ...webhook });
  const { template, assets } = edit === undefined ? synthesised : edit(synthesised);
  const environment = webhookUrl === undefined ? {} : { WEBHOOK_URL: webhookUrl };
  const emulator = await startAwsEmulator({ template, assets, environment, ...options });
  const { region, credentials, dynamoDbUrl, managementUrl } = emulator;
  const dynamoDb = new DynamoDBClient({ region, credentials, endpoint: dynamoDbUrl });
  const management = new ApiGatewayManagementApiClient({ region, credentials, endpoint: managementUrl });
  const tableName = emulator.outputs.TableName ?? '';
  return {
    emulator,
    tableName,
    dynamoDb,
    management,
    connect: (query) => Client.open(withQuery(emulator.signallingUrl, query)),
    async newestConnection() {
      return (await emulator.metrics()).openConnections.at(-1) ?? '';
    },
    async onlyConnection() {
      const { openConnections } = await emulator.metrics();
      expect(openConnections).toHaveLength(1);
      return openConnections[0] ?? '';
    },
    disconnectEvent: (connectionId) =>
      vi.waitFor(async () => {
        const Key = { pk: { S: `disconnected#${connectionId}` } };
        const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: tableName, Key }));
        return JSON.parse(Item?.event?.S ?? 'undefined');
      }, waiting),
    settled: (running = 0) =>
      vi.waitFor(async () => {
        const { total, journal } = await emulator.metrics();
        const started = Object.values(total.invocations).reduce((sum, count) => sum + count, 0);
        expect(started - journal.length).toBeLessThanOrEqual(running);
      }, waiting),
    async [Symbol.asyncDispose]() {
      dynamoDb.destroy();
      management.destroy();
      await emulator.close();
    },
  };
}

const waiting = { timeout: 10_000, interval: 5 };

export function withQuery(url: string, query: Record<string, string> = {}): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return target.href;
}

/** Sets the timeout of a function, in seconds, as the stack would. */
export function withTimeout(functionName: string, seconds: number): (stack: SynthesisedStack) => SynthesisedStack {
  return (stack) => ({
    ...stack,
    template: {
      ...stack.template,
      Resources: Object.fromEntries(
        Object.entries(stack.template.Resources).map(([logicalId, resource]) =>
          resource.Type === 'AWS::Lambda::Function' && logicalId.startsWith(functionName)
            ? [logicalId, { ...resource, Properties: { ...resource.Properties, Timeout: seconds } }]
            : [logicalId, resource],
        ),
      ),
    },
  });
}

/** A client which remembers what it receives. */
export class Client {
  readonly socket: WebSocket;
  readonly #received: string[] = [];
  readonly #readers: ((message: string) => void)[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const reader = this.#readers.shift();
      if (reader === undefined) this.#received.push(data.toString());
      else reader(data.toString());
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async open(url: string, subprotocols: string[] = []): Promise<Client> {
    const socket = new WebSocket(url, subprotocols, { perMessageDeflate: false });
    const client = new Client(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('unexpected-response', (_, { statusCode }) => reject(new HandshakeRefused(statusCode ?? 0)));
      socket.once('error', reject);
    });
    return client;
  }

  send(command: unknown): void {
    this.socket.send(typeof command === 'string' ? command : JSON.stringify(command));
  }

  async next<Message>(): Promise<Message> {
    const received = this.#received.shift();
    const text = received ?? (await new Promise<string>((resolve) => this.#readers.push(resolve)));
    return JSON.parse(text);
  }

  async ask<Message>(command: unknown): Promise<Message> {
    this.send(command);
    return this.next();
  }
}

export class HandshakeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`handshake refused with ${status}`);
    this.status = status;
  }
}

/** An HTTP server at which handlers wait until the test lets them go. */
export class Gate {
  readonly url: string;
  readonly #waiting = new Map<string, ServerResponse>();
  readonly #arrivals: string[] = [];
  readonly #watchers: (() => void)[] = [];

  private constructor(url: string) {
    this.url = url;
  }

  static async open(): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gate = new Gate(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', ({ url = '/' }, response) => gate.#arrive(decodeURIComponent(url.slice(1)), response));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return gate;
  }

  /** What came to the gate, in this order, once there are so many. */
  async arrivals(count: number): Promise<readonly string[]> {
    while (this.#arrivals.length < count) await new Promise<void>((resolve) => this.#watchers.push(resolve));
    return this.#arrivals;
  }

  /** Everybody who waited is gone. */
  left(): Promise<void> {
    return vi.waitFor(() => expect([...this.#waiting.values()].every(({ closed }) => closed)).toBe(true), waiting);
  }

  release(name: string): void {
    this.#waiting.get(name)?.end();
    this.#waiting.delete(name);
  }

  #arrive(name: string, response: ServerResponse): void {
    this.#waiting.set(name, response);
    this.#arrivals.push(name);
    for (const notify of this.#watchers.splice(0)) notify();
  }
}
