import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type InventoryReport,
  type MediaCommand,
  type Message,
  NodeReport,
  parseFrame,
  response,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * Test support: what API Gateway and the conference are to an agent. A WebSocket that takes its messages and answers 200,
 * and the @connections endpoint that takes its posts.
 */

export interface Post {
  connectionId: string;
  messages: Message[];
  bytes: number;
}

type ApiEvents = { frame: [Message[]]; post: [Post]; registered: []; closed: [] };

export class FakeApi extends EventEmitter<ApiEvents> {
  readonly frames: Message[][] = [];
  readonly posts: Post[] = [];
  /** Query strings of the sockets opened. */
  readonly tokens: (string | null)[] = [];
  /** The status of each post to a connection: 200 unless said otherwise. */
  postStatus: (connectionId: string) => number = () => 200;
  /** The code of the response to a message; null: none. */
  responseCode: (message: Message) => number | null = () => 200;
  handshakeStatus = 101;
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();

  static async listen(): Promise<FakeApi> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new FakeApi(http);
  }

  private constructor(http: Server) {
    super();
    this.#http = http;
    http.on('request', (request, response) => void this.#takePost(request, response));
    const server = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      this.tokens.push(new URL(request.url ?? '', 'http://api').searchParams.get('token'));
      if (this.handshakeStatus !== 101) socket.end(`HTTP/1.1 ${this.handshakeStatus} No\r\nContent-Length: 0\r\n\r\n`);
      else server.handleUpgrade(request, socket, head, (accepted) => this.#serve(accepted));
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/live`;
  }

  get managementEndpoint(): string {
    return `http://127.0.0.1:${this.#port}/live`;
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get messages(): Message[] {
    return this.frames.flat();
  }

  /** What it has been told of its rooms. */
  get reports(): Exclude<NodeReport, { report: 'heartbeat' | 'inventory' }>[] {
    return this.#allReports().flatMap((report) =>
      report.report === 'heartbeat' || report.report === 'inventory' ? [] : report,
    );
  }

  get inventories(): v.InferOutput<typeof InventoryReport>[] {
    return this.#allReports().flatMap((report) => (report.report === 'inventory' ? report : []));
  }

  #allReports(): NodeReport[] {
    return this.messages.flatMap(({ body }) => {
      const report = v.safeParse(NodeReport, body);
      return report.success ? report.output : [];
    });
  }

  postsTo(connectionId: string): Message[] {
    return this.posts.filter((post) => post.connectionId === connectionId).flatMap(({ messages }) => messages);
  }

  /** The conference's command at the node that registered. */
  command(command: MediaCommand, from = 'hyperty://example.test/conference'): void {
    const to = this.messages.find(({ type }) => type === 'create')?.from ?? '';
    this.send(JSON.stringify({ id: 'c', type: 'execute', from, to, body: command }));
  }

  send(text: string): void {
    for (const socket of this.#sockets) socket.send(text);
  }

  dropSockets(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  get socketCount(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #serve(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.emit('closed');
    });
    socket.on('message', (data) => {
      const messages = parseFrame(data.toString()).flatMap((parsed) => (parsed.ok ? parsed.message : []));
      this.frames.push(messages);
      this.emit('frame', messages);
      for (const message of messages) this.#respond(socket, message);
    });
  }

  #respond(socket: WebSocket, message: Message): void {
    const code = this.responseCode(message);
    if (code === null) return;
    const answer = response(message, 200);
    socket.send(JSON.stringify({ ...answer, body: { code, description: code < 300 ? undefined : 'not so' } }));
  }

  async #takePost(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const connectionId = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const status = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') ? this.postStatus(connectionId) : 403;
    if (status === 200 && request.method === 'POST') {
      const body = Buffer.concat(chunks);
      const messages = parseFrame(body.toString()).flatMap((parsed) => (parsed.ok ? parsed.message : []));
      const post = { connectionId, messages, bytes: body.length };
      this.posts.push(post);
      this.emit('post', post);
    }
    reply.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }
}
