import { EventEmitter, on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Test support: a JSON-RPC server that answers with what a real Kurento answered, from `test/kurento-traces`. */

export interface Request {
  id: number;
  method: string;
  params?: {
    object?: string;
    type?: string;
    operation?: string;
    operationParams?: Record<string, unknown>;
    operations?: Request[];
    sessionId?: string;
  };
}

export interface KurentoEvent {
  object: string;
  type: string;
  data: Record<string, unknown>;
}

interface Reply {
  result?: { value?: unknown; sessionId?: string; type?: string; qualifiedType?: string; hierarchy?: string[] };
  error?: { code: number; message: string; data?: { type: string } };
}

export interface Exchange {
  request: Request;
  reply: Reply;
  /** The recording's note before the request: what it tries. */
  note: string;
}

export interface Trace {
  exchanges: Exchange[];
  events: KurentoEvent[];
}

interface Line {
  dir?: 'client' | 'server' | 'note';
  note?: string;
  conn?: number;
  frame?: { id?: number | string | null; method?: string; params?: { value?: unknown } } & Reply;
}

const FOLDER = new URL('../../../test/kurento-traces/', import.meta.url);

export function loadTrace(name: string): Trace {
  const lines = readFileSync(new URL(`${name}.jsonl`, FOLDER), 'utf8')
    .trim()
    .split('\n');
  const asked = new Map<string, { request: Request; note: string }>();
  const trace: Trace = { exchanges: [], events: [] };
  let note = '';
  for (const { dir, frame, conn = 1, ...line } of lines.map((text) => JSON.parse(text) as Line)) {
    const key = `${conn}/${frame?.id}`;
    if (dir === 'note') note = line.note ?? '';
    else if (dir === 'client') asked.set(key, { request: frame as Request, note });
    else if (frame?.method === 'onEvent') trace.events.push(frame.params?.value as KurentoEvent);
    else if (frame && asked.has(key)) {
      trace.exchanges.push({ ...(asked.get(key) as { request: Request; note: string }), reply: frame });
    }
  }
  return trace;
}

/** What a request asks for, whichever object it concerns: `create MediaPipeline`, `invoke processOffer`, `ping`. */
export function intent({ method, params }: Request): string {
  return [method, params?.operation ?? params?.type].filter(Boolean).join(' ');
}

type Answerer = (request: Request) => Reply | 'silence';

export class TraceServer {
  readonly requests: Request[] = [];
  sent = 0;
  pongs = 0;
  readonly #traces: Trace[];
  readonly #answerers = new Map<string, Answerer>();
  readonly #sockets = new Set<WebSocket>();
  readonly #subscribed = new Set<string>();
  readonly #created = new Map<string, number>();
  /** The sessions that have touched objects: the only ones that Kurento resumes. */
  readonly #sessions = new Set<string>();
  readonly #heard = new EventEmitter();
  readonly #server: WebSocketServer;
  #gatheringHeld = false;
  #minted = 0;

  static async listen(traces: string[], port = 0): Promise<TraceServer> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    return new TraceServer(server, traces.map(loadTrace));
  }

  private constructor(server: WebSocketServer, traces: Trace[]) {
    this.#server = server;
    this.#traces = traces;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('pong', () => this.pongs++);
      socket.on('message', (text) => this.#receive(socket, JSON.parse(String(text)) as Request));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/kurento`;
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#server.close();
    await once(this.#server, 'close');
  }

  dropSockets(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** From now on this intent is answered otherwise than recorded. */
  answer(what: string, answerer: Answerer): void {
    this.#answerers.set(what, answerer);
  }

  /** From now on as recorded again. */
  answerAsRecorded(what: string): void {
    this.#answerers.delete(what);
  }

  /** Kurento restarted: it knows no session any more. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  intents(): string[] {
    return this.requests.map(intent);
  }

  /** Resolves with the next request of an intent, about a given object or any. */
  async seen(what: string, object?: string): Promise<void> {
    for await (const [request] of on(this.#heard, 'request') as AsyncIterable<[Request]>) {
      if (intent(request) === what && (object ?? request.params?.object) === request.params?.object) return;
    }
  }

  /** IceGatheringDone comes no more by itself. */
  holdGathering(): void {
    this.#gatheringHeld = true;
  }

  /** By an earlier process, in the same session. */
  assumeSubscribed(object: string, type: string): void {
    this.#subscribed.add(`${object} ${type}`);
  }

  /** Sends the first recorded events of a type and state, as one object's, if the client has subscribed to them. */
  emit(object: string, type: string, state?: string, count = 1): void {
    if (!this.#subscribed.has(`${object} ${type}`)) throw new Error(`no subscription to ${type}`);
    const recorded = this.#traces
      .flatMap(({ events }) => events)
      .filter(({ data, ...event }) => event.type === type && (!state || state === (data.state ?? data.newState)));
    if (recorded.length < count) throw new Error(`no recorded ${type} ${state}`);
    for (const { data } of recorded.slice(0, count)) this.#event({ object, type, data: { ...data, source: object } });
  }

  #event(value: KurentoEvent): void {
    for (const socket of this.#sockets) this.#send(socket, { method: 'onEvent', params: { value } });
  }

  #send(socket: WebSocket, frame: object): void {
    this.sent++;
    socket.send(JSON.stringify({ ...frame, jsonrpc: '2.0' }));
  }

  /** A transaction's operations are answered one by one; its form is `reference/kurento.md`'s, for none is recorded. */
  #transact(socket: WebSocket, { id, params }: Request): void {
    const replies = (params?.operations ?? []).map((operation) => {
      this.requests.push(operation);
      this.#heard.emit('request', operation);
      const reply = this.#answerers.get(intent(operation))?.(operation) ?? this.#recorded(operation);
      return reply === 'silence' ? undefined : { ...reply, id: operation.id };
    });
    if (!replies.includes(undefined)) this.#send(socket, { id, result: { value: replies } });
  }

  #receive(socket: WebSocket, request: Request): void {
    if (request.method === 'transaction') this.#transact(socket, request);
    else this.#answer(socket, request);
  }

  #answer(socket: WebSocket, request: Request): void {
    this.requests.push(request);
    const { id, params = {} } = request;
    const what = intent(request);
    const reply = this.#answerers.get(what)?.(request) ?? this.#recorded(request);
    if (reply === 'silence') {
      this.#heard.emit('request', request);
      return;
    }
    if (request.method === 'subscribe' && reply.result) this.#subscribed.add(`${params.object} ${params.type}`);
    this.#send(socket, { ...reply, id });
    this.#heard.emit('request', request);
    if (
      what === 'invoke gatherCandidates' &&
      !this.#gatheringHeld &&
      this.#subscribed.has(`${params.object} IceGatheringDone`)
    ) {
      this.emit(params.object ?? '', 'IceGatheringDone');
    }
  }

  #recorded(request: Request): Reply {
    if (request.method === 'connect') return this.#resume(request);
    const what = intent(request);
    const replies = this.#traces
      .flatMap(({ exchanges }) => exchanges)
      .filter((exchange) => intent(exchange.request) === what && exchange.reply.result)
      .map(({ reply }) => reply);
    const sessionId = request.params?.sessionId ?? this.#mint();
    const nth = request.method === 'create' ? (this.#created.get(what) ?? 0) : 0;
    if (request.method === 'create') this.#created.set(what, nth + 1);
    if (request.method !== 'ping') this.#sessions.add(sessionId);
    const reply = replies[nth];
    if (!reply) throw new Error(`the traces do not answer "${what}"`);
    return { result: { ...reply.result, sessionId } };
  }

  #mint(): string {
    this.#minted += 1;
    return `minted-${this.#minted}`;
  }

  #resume({ params }: Request): Reply {
    const known = params?.sessionId === undefined || this.#sessions.has(params.sessionId);
    const exchange = this.#traces
      .flatMap(({ exchanges }) => exchanges)
      .find(({ request, reply }) => request.method === 'connect' && (known ? reply.result : reply.error));
    if (!exchange) throw new Error('the traces resume no session');
    return known
      ? { result: { ...exchange.reply.result, sessionId: params?.sessionId ?? this.#mint() } }
      : exchange.reply;
  }
}
