import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RTCDtlsTransport } from 'werift';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type Accounts, CountingEndpoint } from './counting-endpoint.ts';
import {
  Factory,
  type MediaObject,
  MediaPipeline,
  MediaSet,
  type Parameters,
  ReplyCache,
  RpcServer,
  ServerManager,
  ServerMethods,
  SessionSockets,
  unexpected,
} from './kurento.ts';
import { Ledger } from './ledger.ts';

/** Where a peer connection has its media from. Peer connections are named by the ICE user fragments of their offers. */
export interface Feed {
  readonly to: string;
  readonly audio: string | undefined;
  readonly video: string | undefined;
}

/** A media server without media, which keeps count. */
export interface CountingEngine {
  readonly url: string;
  readonly ledger: Ledger;
  /** Of those that have any. */
  feeds(): Feed[];
  /** A peer connection has got its answer: from now on it is connected. One that is not there any more stays gone. */
  connect(ufrag: string): void;
  close(): Promise<void>;
}

export async function startCountingEngine(): Promise<CountingEngine> {
  const ledger = new Ledger();
  const sockets = new SessionSockets<WebSocket>();
  const set = new MediaSet((sessionId, params) => {
    sockets.socketOf(sessionId)?.send(JSON.stringify({ jsonrpc: '2.0', method: 'onEvent', params }));
  }, Date.now);
  set.setRoot(new ServerManager(set, { objects: () => set.all(), sessions: () => set.sessionIds() }));
  const endpoints = new Map<string, CountingEndpoint>();
  const methods = new ServerMethods(set, await CountingFactory.with({ host: set, ledger, endpoints }));
  const rpc = new RpcServer(methods, sockets, new ReplyCache(Date.now), () => {});
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (data: RawData) => {
      const frame = data.toString();
      ledger.called(methodOf(frame));
      socket.send(JSON.stringify(rpc.answer(socket, frame)));
    });
    socket.on('close', () => sockets.drop(socket));
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/kurento`,
    ledger,
    feeds: () => [...endpoints].flatMap(([to, endpoint]) => feedOf(to, endpoint)),
    connect: (ufrag) => endpoints.get(ufrag)?.peerConnects(),
    close: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function methodOf(frame: string): string {
  const { method, params } = JSON.parse(frame) as { method: string; params?: { operation?: string } };
  return params?.operation ?? method;
}

function feedOf(to: string, endpoint: CountingEndpoint): Feed[] {
  const [audio, video] = [endpoint.source('AUDIO')?.remoteUfrag, endpoint.source('VIDEO')?.remoteUfrag];
  return (audio ?? video) ? [{ to, audio, video }] : [];
}

class CountingFactory extends Factory {
  readonly #accounts: Accounts;

  static async with(accounts: Omit<Accounts, 'fingerprint'>): Promise<CountingFactory> {
    const certificate = await RTCDtlsTransport.SetupCertificate();
    const fingerprint = certificate.getFingerprints()[0]?.value ?? '';
    return new CountingFactory({ ...accounts, fingerprint }, certificate);
  }

  private constructor(accounts: Accounts, certificate: Awaited<ReturnType<typeof RTCDtlsTransport.SetupCertificate>>) {
    super(accounts.host, { certificate, address: '127.0.0.1', portRange: undefined });
    this.#accounts = accounts;
  }

  override create(type: string, given: Parameters): MediaObject {
    if (type === 'MediaPipeline') return new CountingPipeline(this.#accounts);
    if (type === 'WebRtcEndpoint') return this.#endpoint(given);
    return super.create(type, given);
  }

  #endpoint(given: Parameters): CountingEndpoint {
    const pipeline = this.#accounts.host.find(given.string('mediaPipeline'));
    if (!(pipeline instanceof MediaPipeline)) throw unexpected('bad_weak_ptr');
    return new CountingEndpoint(this.#accounts, pipeline);
  }
}

class CountingPipeline extends MediaPipeline {
  readonly #ledger: Ledger;

  constructor({ host, ledger }: Accounts) {
    super(host);
    this.#ledger = ledger;
    ledger.add('pipelines', 1);
  }

  override close(): void {
    super.close();
    this.#ledger.add('pipelines', -1);
  }
}
