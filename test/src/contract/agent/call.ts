import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { type AgentConfig, type RunningAgent, startAgent } from '@hyperroom/media-agent';
import { Conference, connection, FakeApi } from '@hyperroom/media-agent/testing';
import {
  type Connection,
  type ConnectionAnswer,
  ConnectionsBody,
  idOf,
  type JoinCommand,
  type MediaCommand,
  type Message,
  type PublicationName,
  type ResponseBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { BrowserPeer } from '../kurento/browser-peer.ts';

/** A media node between an engine and an API, and the browsers that call through it. */

const Pushed = v.pick(ConnectionsBody, ['connections']);

/** What a client does with its connections: accepts answers, notes whom each of them shows. */
export class Browser {
  readonly id: string;
  readonly publishers = new Map<string, BrowserPeer>();
  readonly receivers = new Map<string, BrowserPeer>();
  /** By connection: `b main`, `c screen`, … */
  readonly shown = new Map<string, string>();
  readonly errors = new Map<string, string>();
  /** All that each connection has been answered. */
  readonly answers = new Map<string, string[]>();
  readonly #accepted: Promise<void>[] = [];

  constructor(id: string) {
    this.id = id;
  }

  /** What it publishes as `main` from the start. */
  get publisher(): BrowserPeer {
    const [first] = this.publishers.values();
    if (!first) throw new Error(`${this.id} publishes nothing`);
    return first;
  }

  async connections(pool: number): Promise<Connection[]> {
    return [await this.publication('main'), ...(await this.offers(pool))];
  }

  /** Its packets say whose and which they are: `a-main0 video 7`. */
  async publication(as: PublicationName): Promise<Connection> {
    const peer = new BrowserPeer('publisher');
    const name = `${this.id}-${as}${this.publishers.size}`;
    peer.label = `${name} `;
    const offer = connection(this.id, name, as, await peer.offer());
    this.publishers.set(offer.url, peer);
    return offer;
  }

  offers(count: number): Promise<Connection[]> {
    const first = this.receivers.size;
    return Promise.all(Array.from({ length: count }, (_, i) => this.#offer(`${this.id}-r${first + i}`)));
  }

  take(messages: readonly Message[]): void {
    for (const { body } of messages) {
      const pushed = v.safeParse(Pushed, body);
      for (const answer of pushed.success ? pushed.output.connections : []) this.#takeAnswer(answer);
    }
  }

  /** The connection that shows somebody. */
  showing(id: string, publication: PublicationName = 'main'): BrowserPeer | undefined {
    const [url = ''] = [...this.shown].find(([, shown]) => shown === `${id} ${publication}`) ?? [];
    return this.receivers.get(url);
  }

  sees(id: string, publication: PublicationName = 'main'): boolean {
    const { received } = this.showing(id, publication) ?? { received: { audio: [], video: [] } };
    return received.video.length > 3 && received.audio.length > 3;
  }

  async close(): Promise<void> {
    await Promise.all(this.#accepted);
    await Promise.all([...this.publishers.values(), ...this.receivers.values()].map((peer) => peer.close()));
  }

  #takeAnswer({ url, peer, publication, connectionDescription, error }: ConnectionAnswer): void {
    if (error) this.errors.set(url, error);
    if (peer) this.shown.set(url, `${idOf(peer)} ${publication}`);
    const connection = this.receivers.get(url) ?? this.publishers.get(url);
    if (!connection || !connectionDescription) return;
    // A node that has started again says again what it may not have said.
    if (!this.answers.has(url)) this.#accepted.push(connection.accept(connectionDescription.sdp));
    this.answers.set(url, [...(this.answers.get(url) ?? []), connectionDescription.sdp]);
  }

  async #offer(name: string): Promise<Connection> {
    const peer = new BrowserPeer('subscriber');
    const offer = connection(this.id, name, 'receive', await peer.offer());
    this.receivers.set(offer.url, peer);
    return offer;
  }
}

export class Call {
  readonly api: FakeApi;
  conference = new Conference();
  readonly config: AgentConfig;
  engine: KurentoEngine;
  agent: RunningAgent | undefined;
  readonly #browsers: Browser[] = [];

  static async start(): Promise<Call> {
    return new Call(await FakeApi.listen(), await startKurentoEngine());
  }

  private constructor(api: FakeApi, engine: KurentoEngine) {
    this.api = api;
    this.engine = engine;
    this.config = {
      signallingUrl: api.url,
      managementEndpoint: api.managementEndpoint,
      region: 'eu-west-1',
      domain: 'example.test',
      nodeId: '1',
      token: async () => 'jwt',
      kurentoUrl: engine.url,
      capacity: 100,
      healthPort: 0,
      stateFile: null,
      turn: null,
      drain: { finishMs: 0, limitMs: 60_000 },
      autoScaling: null,
    };
    api.on('post', ({ connectionId, messages }) => {
      this.#browsers.find(({ id }) => connectionId === `conn-${id}`)?.take(messages);
    });
  }

  /** Of a process of its own. */
  get settings(): Record<string, string> {
    return {
      SIGNALLING_URL: this.config.signallingUrl,
      MANAGEMENT_ENDPOINT: this.config.managementEndpoint,
      DOMAIN: this.config.domain,
      NODE_ID: this.config.nodeId,
      TOKEN: 'jwt',
      KURENTO_URL: this.config.kurentoUrl,
      AWS_REGION: this.config.region,
    };
  }

  async startAgent(): Promise<RunningAgent> {
    this.agent = await startAgent(this.config, { linkTimings: { retryMs: 20 } });
    return this.agent;
  }

  send(command: MediaCommand): void {
    this.api.command(command);
  }

  async join(id: string, pool = 3): Promise<Browser> {
    const browser = new Browser(id);
    this.#browsers.push(browser);
    this.send(this.conference.join(id, await browser.connections(pool)));
    return browser;
  }

  /** A browser's offer to receive. */
  async receiverOffer(id: string): Promise<Connection[]> {
    const browser = new Browser(id);
    this.#browsers.push(browser);
    return browser.offers(1);
  }

  responsesTo({ reply }: Pick<JoinCommand, 'reply'>): ResponseBody[] {
    return this.api.posts
      .flatMap(({ messages }) => messages)
      .filter(({ type, id }) => type === 'response' && id === reply.request.id)
      .map(({ body }) => body as ResponseBody);
  }

  /** The media server goes, with all it holds, and comes back at the same place. */
  async restartEngine(between: () => Promise<void>): Promise<void> {
    const port = Number(new URL(this.engine.url).port);
    await this.engine.close();
    await between();
    this.engine = await startKurentoEngine({ port });
  }

  async close(): Promise<void> {
    await this.agent?.stop();
    await Promise.all(this.#browsers.map((browser) => browser.close()));
    await this.engine.close();
    await this.api.close();
  }
}
