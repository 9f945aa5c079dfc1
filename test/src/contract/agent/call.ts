import { type KurentoEngine, startKurentoEngine } from '@hyperroom/local/kurento';
import { type Agent, type AgentConfig, startAgent } from '@hyperroom/media-agent';
import { Conference, connection, FakeApi } from '@hyperroom/media-agent/testing';
import {
  type Connection,
  ConnectionsBody,
  idOf,
  type JoinCommand,
  type MediaCommand,
  type Message,
  type ResponseBody,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { BrowserPeer } from '../kurento/browser-peer.ts';

/** A media node between an engine and an API, and the browsers that call through it. */

const Pushed = v.pick(ConnectionsBody, ['connections']);

/** What a client does with its connections: accepts answers, notes whom each of them shows. */
export class Browser {
  readonly id: string;
  readonly publisher = new BrowserPeer('publisher');
  readonly receivers = new Map<string, BrowserPeer>();
  readonly peers = new Map<string, string>();
  readonly #accepted: Promise<void>[] = [];

  constructor(id: string) {
    this.id = id;
  }

  async connections(pool: number): Promise<Connection[]> {
    return [
      connection(this.id, `${this.id}-pub`, 'main', await this.publisher.offer()),
      ...(await this.offers(pool)),
    ];
  }

  offers(count: number): Promise<Connection[]> {
    const first = this.receivers.size;
    return Promise.all(Array.from({ length: count }, (_, i) => this.#offer(`${this.id}-r${first + i}`)));
  }

  take(messages: readonly Message[]): void {
    for (const { body } of messages) {
      const pushed = v.safeParse(Pushed, body);
      for (const answer of pushed.success ? pushed.output.connections : []) {
        const peer = this.receivers.get(answer.url) ?? this.publisher;
        if (answer.peer) this.peers.set(answer.url, idOf(answer.peer));
        if (answer.connectionDescription) this.#accepted.push(peer.accept(answer.connectionDescription.sdp));
      }
    }
  }

  /** The connection that shows somebody. */
  showing(id: string): BrowserPeer | undefined {
    const [url = ''] = [...this.peers].find(([, peer]) => peer === id) ?? [];
    return this.receivers.get(url);
  }

  sees(id: string): boolean {
    const { received } = this.showing(id) ?? { received: { audio: [], video: [] } };
    return received.video.length > 3 && received.audio.length > 3;
  }

  async close(): Promise<void> {
    await Promise.all(this.#accepted);
    await Promise.all([this.publisher, ...this.receivers.values()].map((peer) => peer.close()));
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
  readonly conference = new Conference();
  readonly config: AgentConfig;
  engine: KurentoEngine;
  agent: Agent | undefined;
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
    };
    api.on('post', ({ connectionId, messages }) => {
      this.#browsers.find(({ id }) => connectionId === `conn-${id}`)?.take(messages);
    });
  }

  async startAgent(): Promise<Agent> {
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
