import { randomUUID } from 'node:crypto';
import { afterEach, expect, inject, vi } from 'vitest';
import WebSocket from 'ws';

/* A plain WebSocket and plain JSON: the suite knows the protocol, and nothing of who implements it. */

export const target = inject('target');
const { domain } = target;

export const SESSION = 'mn:/session';
export const ALLOCATION = `domain://msg-node.${domain}/address-allocation`;
export const SM = `domain://msg-node.${domain}/sm`;
export const REGISTRY = `domain://registry.${domain}`;

export const WAIT = { timeout: 10_000, interval: 5 };

export interface Message {
  id: number | string;
  type: string;
  from: string;
  to: string;
  body?: Record<string, unknown>;
}

export type Who = 'somebody' | 'another';

/** Nobody else's, however often the suite is run against one deployment. */
export const unique = (name: string) => `${name}-${randomUUID()}`;
export const aHypertyUrl = (name = 'hyperty') => `hyperty://${domain}/${unique(name)}`;
export const anObjectUrl = (scheme = 'connection') => `${scheme}://${domain}/${unique('object')}`;
export const aRuntimeUrl = () => `hyperty-runtime://${domain}/${unique('runtime')}`;

const open: Peer[] = [];
afterEach(() => {
  for (const peer of open.splice(0)) peer.drop();
});

/** Connects without opening a session, until the end of the test. */
export async function connect(who: Who = 'somebody'): Promise<Peer> {
  const peer = await connectWith(tokenOf(who));
  open.push(peer);
  return peer;
}

/** Connects until it drops. */
export async function connectWith(token: string | undefined): Promise<Peer> {
  const peer = new Peer(new WebSocket(token ? `${target.url}?token=${token}` : target.url), userOf(token));
  await peer.connected();
  return peer;
}

function tokenOf(who: Who): string | undefined {
  return target.tokens[who === 'somebody' ? 0 : 1];
}

/** Whose hyperties a peer registers: its token's, or, without one, any. */
function userOf(token: string | undefined): string {
  const [, claims] = token?.split('.') ?? [];
  if (!claims) return `user://${domain}/${unique('user')}`;
  return String(JSON.parse(Buffer.from(claims, 'base64url').toString()).sub);
}

/** A runtime with a session of its own. */
export async function runtime(who: Who = 'somebody', url = aRuntimeUrl()) {
  const peer = await connect(who);
  const answer = await peer.ask('open', url, SESSION);
  return { peer, url, token: String(answer.body?.runtimeToken), answer };
}

/** One socket, and what has come from it. */
export class Peer {
  readonly socket: WebSocket;
  readonly user: string;
  readonly received: Message[] = [];
  closeCode: number | undefined;

  constructor(socket: WebSocket, user: string) {
    this.socket = socket;
    this.user = user;
    socket.on('message', (data) => this.received.push(JSON.parse(data.toString())));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
  }

  send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends a request and gives the response to it. */
  ask(type: string, from: string, to: string, body?: object, id: number | string = unique('ask')): Promise<Message> {
    this.send({ id, type, from, to, ...(body && { body: { ...body } }) });
    return this.arrival({ type: 'response', id });
  }

  /** The code of the response to a request. */
  async code(type: string, from: string, to: string, body?: object): Promise<unknown> {
    return (await this.ask(type, from, to, body)).body?.code;
  }

  /** The first message, come or to come, that has these fields. */
  arrival(fields: Partial<Message>): Promise<Message> {
    return vi.waitFor(() => {
      const found = this.received.find((message) => has(message, fields));
      if (!found) throw new Error(`no ${JSON.stringify(fields)} among ${JSON.stringify(this.received)}`);
      return found;
    }, WAIT);
  }

  /** Everything that has come except responses, once all that was on its way should be here. */
  async heard(): Promise<Message[]> {
    await this.settle();
    return this.received.filter(({ type }) => type !== 'response');
  }

  /** Frames that have come since, beyond the answers to what this method asks itself. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      const answer = await this.ask('read', aHypertyUrl('nobody'), REGISTRY, { resource: aHypertyUrl('nobody') });
      expect(answer.body?.code).toBe(404);
      this.received.splice(this.received.indexOf(answer), 1);
    }
  }

  /** Goes as a lost network does. */
  drop(): void {
    this.socket.terminate();
  }

  async closed(): Promise<number> {
    return vi.waitFor(() => {
      if (this.closeCode === undefined) throw new Error('the socket is still open');
      return this.closeCode;
    }, WAIT);
  }
}

/** The addresses in the answer to an allocation. */
export function allocatedBy(answer: Message): string[] {
  const value = (answer.body?.value ?? {}) as { allocated?: string[] };
  return value.allocated ?? [];
}

/** What a hyperty says of itself to the registry. */
export function aHyperty(peer: Peer, url: string, changes: object = {}) {
  return {
    url,
    user: peer.user,
    descriptor: `hyperty-catalogue://${domain}/.well-known/hyperty/Conformance`,
    runtime: aRuntimeUrl(),
    expires: 3600,
    status: 'live',
    resources: ['audio', 'video'],
    dataSchemes: ['connection'],
    ...changes,
  };
}

/** What a reporter says of its object to the registry. */
export function anObject(peer: Peer, url: string, changes: object = {}) {
  return {
    ...aHyperty(peer, url),
    name: unique('name'),
    schema: `hyperty-catalogue://${domain}/.well-known/dataschema/Connection`,
    reporter: aHypertyUrl('reporter'),
    ...changes,
  };
}

function has(message: Message, fields: Partial<Message>): boolean {
  return Object.entries(fields).every(([name, value]) => message[name as keyof Message] === value);
}
