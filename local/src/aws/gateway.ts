import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type CloseStatus, Connection } from './connection.ts';
import { type Delivery, MessageQueue } from './delivery.ts';
import {
  type AuthorizerContext,
  type ConnectionFacts,
  createConnectionFacts,
  disconnectEvent,
  messageEvent,
  type Occasion,
  selectRoute,
} from './events.ts';
import { type Admission, type Answer, answerHandshake, type HandshakeOptions } from './handshake.ts';
import { type StageThrottle, Throttle } from './limits.ts';
import type { Meter } from './metrics.ts';
import { integrationTimeout } from './sandbox.ts';
import { moment, type Witness } from './witness.ts';

export interface GatewayOptions extends HandshakeOptions {
  readonly delivery: Delivery;
  readonly meter: Meter;
  readonly witness: Witness;
  readonly requests: StageThrottle;
}

/** The WebSocket side of API Gateway. */
export class Gateway {
  readonly #options: GatewayOptions;
  #delivery: Delivery;
  readonly #connections = new Map<string, Connection>();
  readonly #newConnections: Throttle;
  readonly #subprotocols = new WeakMap<IncomingMessage, string>();
  /** Those whose end the functions do not hear of. */
  readonly #forgotten = new WeakSet<ConnectionFacts>();
  readonly #server: WebSocketServer;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#delivery = options.delivery;
    const { newConnectionsPerSecond, messageBytes } = options.limits;
    this.#newConnections = new Throttle(options.clock, newConnectionsPerSecond, newConnectionsPerSecond);
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: messageBytes,
      // A subprotocol which $connect does not echo is not chosen, and a browser then fails the connection.
      handleProtocols: (_, request) => this.#subprotocols.get(request) ?? false,
    });
  }

  get connectionIds(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /** Undefined before `$connect` has returned, and when it is gone. */
  find(connectionId: string): Connection | undefined {
    return this.#connections.get(connectionId);
  }

  async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const facts = createConnectionFacts(request, this.#options.clock.now());
    const answer = await this.#answer(request, facts);
    if ('refused' in answer) {
      refuse(socket, answer.refused, facts.connectionId);
      return;
    }
    const { authorizer, subprotocol } = answer.admitted;
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      this.#disconnected(facts, authorizer, { code: 1006, reason: '' });
      return;
    }
    if (subprotocol !== undefined) this.#subprotocols.set(request, subprotocol);
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#open(facts, answer.admitted, webSocket, socket);
    });
  }

  /** Ends a connection without a closing handshake; `silently`: and no `$disconnect` tells of it. */
  drop(connectionId: string, { silently = false } = {}): void {
    const connection = this.#demand(connectionId);
    if (silently) this.#forgotten.add(connection.facts);
    connection.terminate();
  }

  get delivery(): Delivery {
    return this.#delivery;
  }

  /** From the next message on; `undefined`: as it began. */
  deliver(delivery: Delivery = this.#options.delivery): void {
    this.#delivery = delivery;
  }

  terminate(): void {
    for (const connection of this.#connections.values()) connection.terminate();
  }

  stall(connectionId: string): void {
    this.#demand(connectionId).stall();
  }

  #demand(connectionId: string): Connection {
    const connection = this.#connections.get(connectionId);
    if (!connection) throw new Error(`no connection ${connectionId} is open`);
    return connection;
  }

  async #answer(request: IncomingMessage, facts: ConnectionFacts): Promise<Answer> {
    const { api } = this.#options;
    const { pathname } = new URL(request.url ?? '/', 'ws://host');
    if (pathname !== `/${api.stage}` && pathname !== `/${api.stage}/`) return { refused: 403 };
    if (!this.#newConnections.admit() || !this.#options.requests.admitConnection()) return { refused: 429 };
    return answerHandshake(this.#options, facts);
  }

  #open(facts: ConnectionFacts, { authorizer }: Admission, webSocket: WebSocket, socket: Socket): void {
    const { limits, clock } = this.#options;
    const queue = new MessageQueue(
      () => this.#delivery,
      (body) => void this.#deliver(connection, body),
    );
    const connection = new Connection({
      facts,
      authorizer,
      webSocket,
      socket,
      limits,
      clock,
      onMessage: (body) => this.#receive(connection, queue, body),
      onClose: (status) => {
        this.#connections.delete(facts.connectionId);
        this.#disconnected(facts, authorizer, status);
      },
    });
    this.#connections.set(facts.connectionId, connection);
  }

  #receive(connection: Connection, queue: MessageQueue, body: string): void {
    const { api, meter, requests, witness } = this.#options;
    const { connectionId } = connection.facts;
    meter.messageUp(connectionId, Buffer.byteLength(body));
    witness({ kind: 'up', at: moment(), connectionId, body });
    if (requests.admit(selectRoute(api, body))) queue.push(body);
    else void this.#sendError(connection, 'Too Many Requests', '');
  }

  async #deliver(connection: Connection, body: string): Promise<void> {
    const { api, invoke } = this.#options;
    const { facts, authorizer } = connection;
    const routeKey = selectRoute(api, body);
    const target = api.routes.get(routeKey);
    const event = messageEvent(this.#occasion(facts, authorizer, routeKey), body);
    const { requestId, connectionId } = event.requestContext;
    if (target === undefined) {
      await this.#sendError(connection, 'Forbidden', requestId);
      return;
    }
    const outcome = await invoke(target, event, { connectionId, routeKey });
    if (outcome.ok) return;
    const message = outcome === integrationTimeout ? 'Endpoint request timed out' : 'Internal server error';
    await this.#sendError(connection, message, requestId);
  }

  async #sendError(connection: Connection, message: string, requestId: string): Promise<void> {
    const { connectionId } = connection.facts;
    const frame = Buffer.from(JSON.stringify({ message, connectionId, requestId }));
    const { meter, witness } = this.#options;
    const at = moment();
    if (!(await connection.send(frame))) return;
    meter.messageDown(connectionId, frame.length);
    witness({ kind: 'down', at, ms: moment() - at, connectionId, body: frame, status: 200, invocation: undefined });
  }

  #disconnected(facts: ConnectionFacts, authorizer: AuthorizerContext | undefined, status: CloseStatus): void {
    const { api, invoke } = this.#options;
    const target = api.routes.get('$disconnect');
    if (target === undefined || this.#delivery.loseDisconnects || this.#forgotten.has(facts)) return;
    const event = disconnectEvent(this.#occasion(facts, authorizer, '$disconnect'), status);
    void invoke(target, event, { connectionId: facts.connectionId, routeKey: '$disconnect' });
  }

  #occasion(connection: ConnectionFacts, authorizer: AuthorizerContext | undefined, routeKey: string): Occasion {
    const { api, clock } = this.#options;
    return { api, connection, authorizer, routeKey, now: clock.now() };
  }
}

function refuse(socket: Socket, status: number, connectionId: string): void {
  const message = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ message, connectionId });
  socket.end(
    [
      `HTTP/1.1 ${status} ${message}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
