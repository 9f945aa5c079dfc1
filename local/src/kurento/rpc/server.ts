import {
  errorReply,
  parseFrame,
  type RequestId,
  type RpcReply,
  type RpcRequest,
  readRequest,
  resultReply,
} from './envelope.ts';
import { methodNotFound, notificationIgnored, RpcError, unexpected } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { optionalField } from './params.ts';
import type { ReplyCache } from './reply-cache.ts';
import type { ServerMethods } from './server-methods.ts';
import type { SessionSockets } from './session-sockets.ts';
import { runTransaction } from './transaction.ts';

/** Answers the frames of sockets. Everything here is synchronous, so that replies keep the order of the requests. */
export class RpcServer<Socket> {
  private readonly methods: ServerMethods;
  private readonly sockets: SessionSockets<Socket>;
  private readonly cache: ReplyCache;
  private readonly sessionBound: (sessionId: string) => void;

  constructor(
    methods: ServerMethods,
    sockets: SessionSockets<Socket>,
    cache: ReplyCache,
    sessionBound: (sessionId: string) => void,
  ) {
    this.methods = methods;
    this.sockets = sockets;
    this.cache = cache;
    this.sessionBound = sessionBound;
  }

  /** Throws a SyntaxError for text that is no JSON. */
  answer(socket: Socket, text: string): RpcReply {
    const frame = parseFrame(text);
    const reply = this.process(frame, this.sockets.sessionOf(socket));
    const sessionId = sessionOfReply(reply);
    if (sessionId !== undefined) this.bind(sessionId, socket);
    return reply;
  }

  private bind(sessionId: string, socket: Socket): void {
    const known = this.sockets.socketOf(sessionId) === socket;
    this.sockets.bind(sessionId, socket);
    if (!known) this.sessionBound(sessionId);
  }

  private process(frame: Json, socketSession: string | undefined): RpcReply {
    try {
      const request = withSession(readRequest(frame), socketSession);
      return this.cached(request, () => this.run(request));
    } catch (error) {
      return errorReply(undefined, asRpcError(error));
    }
  }

  private cached({ id, params }: RpcRequest, run: () => RpcReply): RpcReply {
    const given = params && optionalField(params, 'sessionId');
    const known = id === undefined || given === undefined ? undefined : this.cache.find(given, id);
    if (known) return known;
    const reply = run();
    const sessionId = sessionOfReply(reply) ?? given;
    if (id !== undefined && sessionId !== undefined) this.cache.add(sessionId, id, reply);
    return reply;
  }

  private run({ id, method, params }: RpcRequest): RpcReply {
    try {
      const result = this.call(method, params);
      if (id === undefined) throw notificationIgnored(result ?? {});
      return resultReply(id, result);
    } catch (error) {
      return errorReply(id, asRpcError(error));
    }
  }

  private call(name: string, params: JsonObject | undefined): JsonObject | null {
    if (name === 'transaction') return runTransaction(params, (id, request) => this.runInner(id, request));
    const method = this.methods.method(name);
    if (!method) throw methodNotFound();
    return method(params);
  }

  private runInner(id: RequestId, request: JsonObject): RpcReply {
    return this.run({ ...readRequest(request), id });
  }
}

function withSession(request: RpcRequest, sessionId: string | undefined): RpcRequest {
  if (sessionId === undefined || request.params?.sessionId !== undefined) return request;
  return { ...request, params: { ...request.params, sessionId } };
}

function sessionOfReply(reply: RpcReply): string | undefined {
  const sessionId = 'result' in reply ? reply.result?.sessionId : undefined;
  return typeof sessionId === 'string' ? sessionId : undefined;
}

function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  console.error('unexpected failure of a request', error);
  return unexpected(error instanceof Error ? error.message : String(error));
}
