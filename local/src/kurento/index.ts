import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RTCDtlsTransport } from 'werift';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Factory } from './objects/factory.ts';
import { MediaSet } from './objects/media-set.ts';
import { ServerManager } from './objects/server-manager.ts';
import { ReplyCache } from './rpc/reply-cache.ts';
import { RpcServer } from './rpc/server.ts';
import { ServerMethods } from './rpc/server-methods.ts';
import { SessionSockets } from './rpc/session-sockets.ts';

export interface KurentoEngineOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** The one address that media use. Default: 127.0.0.1, or for Firefox, which never goes there, another of this machine's. */
  readonly mediaAddress?: string;
  readonly icePortRange?: readonly [min: number, max: number];
  /** Kurento's garbageCollectorPeriod: a session without a socket lives for one to two of these. */
  readonly collectorIntervalMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface KurentoEngine {
  readonly url: string;
  counts(): { pipelines: number; endpoints: number };
  close(): Promise<void>;
}

const COLLECTOR_INTERVAL_MS = 240_000;

/** Starts a media server that speaks Kurento's protocol and forwards WebRTC media without transcoding. */
export async function startKurentoEngine(options: KurentoEngineOptions = {}): Promise<KurentoEngine> {
  const { host = '127.0.0.1', now = Date.now } = options;
  const certificate = await RTCDtlsTransport.SetupCertificate();
  const sockets = new SessionSockets<WebSocket>();
  const set = new MediaSet((sessionId, params) => {
    sockets.socketOf(sessionId)?.send(JSON.stringify({ jsonrpc: '2.0', method: 'onEvent', params }));
  }, now);
  set.setRoot(new ServerManager(set, { objects: () => set.all(), sessions: () => set.sessionIds() }));
  const factory = new Factory(set, { certificate, address: options.mediaAddress, portRange: options.icePortRange });
  const keepAlive = (sessionId: string) => set.keepAliveIfKnown(sessionId);
  const rpc = new RpcServer(new ServerMethods(set, factory), sockets, new ReplyCache(now), keepAlive);

  const server = new WebSocketServer({ host, port: options.port ?? 0, perMessageDeflate: false });
  server.on('connection', (socket) => serve(socket, rpc, sockets));
  await once(server, 'listening');
  const stopCollector = startCollector(set, sockets, options.collectorIntervalMs ?? COLLECTOR_INTERVAL_MS);

  return {
    url: `ws://${host}:${(server.address() as AddressInfo).port}/kurento`,
    counts: () => countObjects(set),
    close: async () => {
      stopCollector();
      for (const socket of server.clients) socket.terminate();
      for (const object of set.all()) object.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(socket: WebSocket, rpc: RpcServer<WebSocket>, sockets: SessionSockets<WebSocket>): void {
  socket.on('message', (data) => {
    try {
      socket.send(JSON.stringify(rpc.answer(socket, textOf(data))));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      socket.terminate(); // Kurento drops the connection without a close frame
    }
  });
  socket.on('close', () => sockets.drop(socket));
  socket.on('error', () => socket.terminate());
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

/** As in Kurento, an open socket keeps its session in use by a quarter-period tick of its own. */
function startCollector(set: MediaSet, sockets: SessionSockets<WebSocket>, intervalMs: number): () => void {
  const collector = setInterval(() => set.collect(), intervalMs);
  const keepAlive = setInterval(() => {
    for (const sessionId of sockets.connectedSessions()) set.keepAliveIfKnown(sessionId);
  }, intervalMs / 4);
  return () => {
    clearInterval(collector);
    clearInterval(keepAlive);
  };
}

function countObjects(set: MediaSet): { pipelines: number; endpoints: number } {
  const types = set.all().map(({ type }) => type.name);
  const count = (name: string) => types.filter((type) => type === name).length;
  return { pipelines: count('MediaPipeline'), endpoints: count('WebRtcEndpoint') };
}
