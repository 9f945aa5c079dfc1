import type { Host } from '../aws/gateway.ts';
import type { Io, Span } from '../io.ts';
import type { MediaKind } from './agent.ts';
import type { KurentoEndpoint } from './kurento.ts';

export type TransportState = 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** A browser's end. */
export interface Peer {
  readonly fragment: string;
  readonly host: Host;
  /** What it sends at the moment. */
  readonly sends: readonly MediaKind[];
  changed(state: TransportState): void;
}

const HANDSHAKE: Span = [60, 250];
const CLOSING: Span = [20, 60];
/** How often a path is looked at. */
const LOOK = 1_000;
/** Milliseconds without a path until ICE says so, gives up, and until Kurento's signs of it. */
const DISCONNECTED_AFTER = 5_000;
const FAILED_AFTER = 15_000;
const NOT_FLOWING_AFTER = 3_000;
const NO_MEDIA_AFTER = 26_000;

/** One path between a peer connection and an endpoint. */
class Transport {
  readonly peer: Peer;
  readonly endpoint: KurentoEndpoint;
  state: TransportState = 'connecting';
  brokenSince: number | undefined;
  noMedia = false;
  readonly #life: number;

  constructor(peer: Peer, endpoint: KurentoEndpoint) {
    this.peer = peer;
    this.#life = peer.host.network.life;
    this.endpoint = endpoint;
  }

  get hasPath(): boolean {
    const { host } = this.peer;
    const isUp = host.network.isUp && host.network.life === this.#life;
    return isUp && host.process.alive && this.state !== 'closed' && this.endpoint.isThere;
  }

  get isFlowing(): boolean {
    return this.state === 'connected' && this.hasPath && this.peer.sends.length > 0;
  }
}

/** ICE, DTLS and what follows from them at both ends. */
export class Transports {
  /** By the user fragment of their answers. */
  readonly endpoints = new Map<string, KurentoEndpoint>();
  readonly #io: Io;
  readonly #peers = new Map<string, Peer>();
  readonly #byPeer = new Map<string, Transport>();

  constructor(io: Io) {
    this.#io = io;
    this.#look();
  }

  /** A peer has its answer. */
  connect(peer: Peer, answered: string): void {
    const endpoint = this.endpoints.get(answered);
    // It is gone by now: the path will never stand.
    if (!endpoint || endpoint.remote !== peer.fragment) {
      this.#io.scheduler.after(FAILED_AFTER, 'ICE fails', () => peer.changed('failed'), peer.host.process);
      return;
    }
    const transport = new Transport(peer, endpoint);
    this.#byPeer.set(peer.fragment, transport);
    this.#become(transport, 'connecting');
    const handshake = () => transport.hasPath && this.#connected(transport);
    this.#io.scheduler.after(this.#io.delay(HANDSHAKE), 'DTLS', handshake, this.#io.scheduler.world);
  }

  /** The page closes its end. */
  close(peer: Peer): void {
    const transport = this.#byPeer.get(peer.fragment);
    this.#byPeer.delete(peer.fragment);
    this.#peers.delete(peer.fragment);
    if (!transport) return;
    const heard = transport.hasPath && transport.endpoint.state === 'connected';
    transport.state = 'closed';
    if (!heard) return;
    const { endpoint } = transport;
    const hear = () => {
      endpoint.state = 'closed';
      this.#flow(transport, false);
      endpoint.tell({ name: 'closed', args: [] });
    };
    this.#io.scheduler.after(this.#io.delay(CLOSING), 'DTLS closes', hear, this.#io.scheduler.world);
  }

  /** The endpoint that a peer is connected to, both ways. */
  endpointOf(fragment: string): KurentoEndpoint | undefined {
    const transport = this.#byPeer.get(fragment);
    return transport?.state === 'connected' && transport.hasPath ? transport.endpoint : undefined;
  }

  /** The peer that is connected to an endpoint. */
  peerOf(endpoint: KurentoEndpoint): Peer | undefined {
    const transport = this.#byPeer.get(endpoint.remote ?? '');
    return transport?.endpoint === endpoint && transport.state === 'connected' && transport.hasPath
      ? transport.peer
      : undefined;
  }

  /** The peer whose offer an endpoint has answered, if it is there still. */
  holderOf({ remote }: KurentoEndpoint): Peer | undefined {
    return this.#peers.get(remote ?? '');
  }

  /** A peer connection is made. */
  add(peer: Peer): void {
    this.#peers.set(peer.fragment, peer);
  }

  #look(): void {
    for (const transport of this.#byPeer.values()) this.#lookAt(transport);
    this.#io.scheduler.after(LOOK, 'paths', () => this.#look(), this.#io.scheduler.world);
  }

  #lookAt(transport: Transport): void {
    const { now } = this.#io.scheduler;
    if (transport.hasPath) {
      transport.brokenSince = undefined;
      if (transport.state === 'connecting' || transport.state === 'disconnected') this.#connected(transport);
      this.#flow(transport, transport.isFlowing);
      return;
    }
    transport.brokenSince ??= now;
    const broken = now - transport.brokenSince;
    if (broken >= NOT_FLOWING_AFTER) this.#flow(transport, false);
    if (broken >= NO_MEDIA_AFTER) this.#lose(transport);
    if (broken >= DISCONNECTED_AFTER && transport.state === 'connected') this.#become(transport, 'disconnected');
    if (broken >= FAILED_AFTER && transport.state !== 'failed') this.#become(transport, 'failed');
    if (broken >= NO_MEDIA_AFTER && !transport.peer.host.process.alive) this.#byPeer.delete(transport.peer.fragment);
  }

  #connected(transport: Transport): void {
    if (transport.state === 'connected') return;
    const { endpoint } = transport;
    if (endpoint.state === 'new') {
      endpoint.state = 'connected';
      endpoint.tell({ name: 'connected', args: [] });
    }
    this.#become(transport, 'connected');
    this.#flow(transport, transport.isFlowing);
  }

  #become(transport: Transport, state: TransportState): void {
    transport.state = state;
    const { peer } = transport;
    this.#io.scheduler.after(0, `transport ${state}`, () => peer.changed(state), peer.host.process);
  }

  #flow({ endpoint, peer }: Transport, flowing: boolean): void {
    if (endpoint.direction !== 'publish' || endpoint.flowing === flowing) return;
    endpoint.flowing = flowing;
    for (const kind of peer.sends) endpoint.tell({ name: 'flow', args: [{ direction: 'out', kind, flowing }] });
  }

  #lose(transport: Transport): void {
    if (transport.noMedia) return;
    transport.noMedia = true;
    transport.endpoint.tell({ name: 'disconnected', args: [] });
  }
}
