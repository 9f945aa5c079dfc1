import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { type Settings, synthSignalling } from '@hyperroom/infra';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@hyperroom/local/aws';
import { signToken } from '@hyperroom/local/token';
import {
  domainAddresses,
  HEARTBEAT_INTERVAL,
  type JoinCommand,
  MediaCommand,
  Message,
  type ReplyTo,
  type Roster,
  response,
  TokenClaims,
  type UpdateCommand,
} from '@hyperroom/protocol';
import * as v from 'valibot';
import { expect, vi } from 'vitest';
import WebSocket from 'ws';
import { WireCheck } from '../../simulation/client/wire-check.ts';

/* The signalling stack by itself: real functions on the emulator, clients and a media node played by the tests. */

export const DOMAIN = 'localhost';
export const at = domainAddresses(DOMAIN);
const SECRET = 'the secret of this test';

/** What a token says, with or without what it may leave out. */
export type TokenInput = v.InferInput<typeof TokenClaims>;

export interface Signalling {
  readonly emulator: AwsEmulator;
  /** Of a user with a token, good for so many seconds; or of nobody in particular. */
  client(claims?: TokenInput, seconds?: number): Promise<Peer>;
  /** For a media node that is none of the tests' own. */
  nodeToken(id: string): Promise<string>;
  mediaNode(id?: string, status?: { capacity?: number; load?: number }): Promise<MediaNode>;
  close(): Promise<void>;
}

/** Messages of a connection overtake each other in every test here, as they may on AWS. */
export async function startSignalling(
  seed: number,
  {
    settings = {},
    ...options
  }: Pick<AwsEmulatorOptions, 'limits' | 'clock' | 'log' | 'environment' | 'skipsAuthorizer'> & {
    settings?: Partial<Settings>;
  } = {},
): Promise<Signalling> {
  const { template, assets } = await synthSignalling({ domain: DOMAIN, allowAnonymous: true, ...settings });
  const emulator = await startAwsEmulator({
    template,
    assets,
    secretValue: SECRET,
    delivery: { mode: 'reorder', seed },
    log: (name, line) => {
      if (line.includes('"level":"error"')) console.error(name, line);
    },
    ...options,
  });
  const peers: Peer[] = [];

  async function client(claims?: TokenInput, seconds = 600): Promise<Peer> {
    const token = claims && (await signToken(v.parse(TokenClaims, claims), SECRET, seconds));
    const peer = new Peer(new WebSocket(emulator.signallingUrl + (token ? `?token=${token}` : '')));
    await peer.opened();
    peers.push(peer);
    return peer;
  }

  const nodeClaims = (id: string): TokenInput => ({ sub: `user://${DOMAIN}/${id}`, role: 'media-node' });

  return {
    emulator,
    client,
    nodeToken: (id) => signToken(v.parse(TokenClaims, nodeClaims(id)), SECRET, 600),
    async mediaNode(id = 'media-1', { capacity = 100, load = 0 } = {}) {
      const peer = await client(nodeClaims(id));
      const node = new MediaNode(peer, at.hyperty(id), emulator);
      await node.announce({ instance: id, capacity, load });
      return node;
    },
    async close() {
      for (const peer of peers) peer.socket.terminate();
      await emulator.close();
    },
  };
}

/** What a hyperty says of itself to the registry. */
export function aRegistration(url: string, changes: object = {}) {
  return {
    url,
    descriptor: 'test',
    resources: ['audio', 'video'],
    dataSchemes: ['connection'],
    ephemeral: true,
    ...changes,
  };
}

let nextId = 0;

/** One socket, and all that it has received. */
export class Peer {
  readonly socket: WebSocket;
  readonly received: Message[] = [];
  /** Frames, as they came. */
  readonly frames: unknown[] = [];
  closeCode: number | undefined;
  readonly #wire = new WireCheck(at);

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      const frame: unknown = JSON.parse(data.toString());
      this.frames.push(frame);
      // What API Gateway says by itself has an id of its own.
      if (typeof frame === 'object' && frame !== null && 'requestId' in frame) return;
      const messages = v.parse(v.array(Message), Array.isArray(frame) ? frame : [frame]);
      const misfit = messages.map((message) => this.#wire.misfit(message)).find((found) => found !== undefined);
      if (misfit !== undefined) throw new Error(misfit);
      this.received.push(...messages);
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  send(...messages: object[]): void {
    for (const message of messages) if (v.is(Message, message)) this.#wire.sent(message);
    this.sendText(JSON.stringify(messages.length === 1 ? messages[0] : messages));
  }

  /** Sends a request and gives its response. */
  async ask(request: Omit<Message, 'id'>, id: string | number = `request-${nextId++}`): Promise<Message> {
    this.send({ id, ...request });
    return this.responseTo(id);
  }

  async responseTo(id: string | number): Promise<Message> {
    return vi.waitFor(() => {
      const found = this.received.find((message) => message.type === 'response' && message.id === id);
      if (!found) throw new Error(`no response to ${id} among ${this.received.map(({ type, id }) => `${type} ${id}`)}`);
      return found;
    }, WAIT);
  }

  /** What the conference has said unasked, of one type. */
  pushes(type: 'update' | 'delete'): Message[] {
    return this.received.filter((message) => message.type === type && message.from === at.conference);
  }

  /** What others have sent, and the conference has passed on. */
  data(room: string): unknown[] {
    const children = this.received.filter(({ type, to }) => type === 'create' && to === `${at.room(room)}/children/`);
    return children.map(({ body }) => body?.value);
  }

  /** The updates of a room object that arrived so far, by version. */
  updates(room: string): Message[] {
    return this.received
      .filter((message) => message.type === 'update' && message.to === `${room}/changes`)
      .sort((a, b) => Number(a.body?.version) - Number(b.body?.version));
  }

  register(url: string): Promise<Message> {
    return this.ask({ type: 'create', from: url, to: at.registry, body: { value: aRegistration(url) } });
  }
}

export const WAIT = { timeout: 10_000, interval: 5 };

/** Plays a media node: keeps the commands it is sent, and answers as its test wants. */
export class MediaNode {
  readonly peer: Peer;
  readonly url: string;
  readonly #management: ApiGatewayManagementApiClient;
  readonly #commands: MediaCommand[] = [];
  #read = 0;
  #beating: NodeJS.Timeout | undefined;
  #status = { instance: '', capacity: 0, load: 0 };

  constructor(peer: Peer, url: string, emulator: AwsEmulator) {
    this.peer = peer;
    this.url = url;
    this.#management = new ApiGatewayManagementApiClient({
      endpoint: emulator.managementUrl,
      region: emulator.region,
      credentials: emulator.credentials,
    });
  }

  async announce(value: { instance: string; capacity: number; load: number }): Promise<void> {
    const register = {
      id: 'register',
      type: 'create',
      from: this.url,
      to: at.registry,
      body: { value: aRegistration(this.url) },
    };
    this.peer.send(register, { id: 'announce', type: 'create', from: this.url, to: at.media, body: { value } });
    expect((await this.peer.responseTo('announce')).body?.code).toBe(200);
    this.hush();
    this.#status = value;
    this.#beating = setInterval(() => this.#sendBeat('heartbeat'), HEARTBEAT_INTERVAL);
    this.peer.socket.once('close', () => this.hush());
  }

  #sendBeat(id: string): void {
    const body = { report: 'heartbeat', value: this.#status, witness: true };
    this.peer.send({ id, type: 'update', from: this.url, to: at.media, body });
  }

  /** One heartbeat, which says this from now on. */
  async beat(changes: { capacity?: number; load?: number } = {}): Promise<void> {
    this.#status = { ...this.#status, ...changes };
    const id = `heartbeat-${nextId++}`;
    this.#sendBeat(id);
    await this.peer.responseTo(id);
  }

  /** From now on it is not heard of. */
  hush(): void {
    clearInterval(this.#beating);
  }

  commands(): readonly MediaCommand[] {
    // Tests ask often, and a roster may be long: each command is read once.
    const { received } = this.peer;
    for (const { type, body } of received.slice(this.#read)) {
      if (type === 'execute') this.#commands.push(v.parse(MediaCommand, body));
    }
    this.#read = received.length;
    return this.#commands;
  }

  /** The ids of the requests that it was told to answer as joins. */
  joinedBy(): (string | number)[] {
    return this.commands().flatMap((command) => (command.command === 'join' ? [command.reply.request.id] : []));
  }

  async join(participant: string): Promise<JoinCommand> {
    return vi.waitFor(() => {
      const found = this.commands().find(
        (command) => command.command === 'join' && command.participant === participant,
      );
      if (found?.command !== 'join') throw new Error(`no join command for ${participant}`);
      return found;
    }, WAIT);
  }

  /** The rosters of a room that it was sent by themselves. */
  syncs(room: string): Roster[] {
    const syncs = this.commands().filter(({ command, roster }) => command === 'sync' && roster.room === room);
    return syncs.map(({ roster }) => roster);
  }

  /** The newest roster of a room that it was sent. */
  roster(room: string): Roster | undefined {
    return this.commands()
      .map((command) => command.roster)
      .filter((roster) => roster.room === room)
      .sort((a, b) => b.version - a.version)[0];
  }

  /** Answers a join as an agent does: straight to the client's connection, what came before in the same frame. */
  accept(join: JoinCommand): Promise<void> {
    return this.#answer(join.reply, { value: join.room, connections: [] });
  }

  /** Answers an update, having done nothing about it. */
  acknowledge({ roster, reply }: UpdateCommand): Promise<void> {
    return this.#answer(reply, { resource: roster.room, version: roster.version, connections: [] });
  }

  /** The update command that came of a request. */
  async update(request: string): Promise<UpdateCommand> {
    return vi.waitFor(() => {
      const found = this.commands().find(
        (command) => command.command === 'update' && command.reply.request.id === request,
      );
      if (found?.command !== 'update') throw new Error(`no update command for ${request}`);
      return found;
    }, WAIT);
  }

  async #answer(reply: ReplyTo, body: Record<string, unknown>): Promise<void> {
    await this.#management.send(
      new PostToConnectionCommand({
        ConnectionId: reply.connectionId,
        Data: JSON.stringify([...reply.before, response(reply.request, 200, body)]),
      }),
    );
  }

  report(body: object): Promise<Message> {
    return this.peer.ask({ type: 'update', from: this.url, to: at.media, body: { ...body } });
  }
}
