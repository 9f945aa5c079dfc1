import { Cloud, DOMAIN } from './aws/cloud.ts';
import { type AuthorizerContext, contextOf } from './aws/product.ts';
import { BROWSER_GLOBALS } from './browser/media.ts';
import { Page } from './browser/page.ts';
import { Thief } from './browser/thief.ts';
import { Io } from './io.ts';
import { Transports } from './media/transports.ts';
import { MediaNode, type NodeOptions } from './node/media-node.ts';
import { installGlobals } from './time/globals.ts';
import { Scheduler } from './time/scheduler.ts';
import { FAIR, type Weather } from './weather.ts';

/** Everything there is, in one process, under one clock. */
export class World {
  readonly scheduler: Scheduler;
  readonly weather: Weather = structuredClone(FAIR);
  readonly cloud: Cloud;
  readonly transports: Transports;
  readonly nodes: MediaNode[] = [];
  readonly pages: Page[] = [];
  /** What must never be, and has been. */
  readonly violations: string[] = [];
  /** Simulations of defects: no agent finds what one before it has kept, none is told which pipelines there are. */
  forgetsState = false;
  hidesPipelines = false;
  readonly #io: Io;
  readonly #restore: () => void;

  constructor(seed: number) {
    this.scheduler = new Scheduler(seed);
    this.#restore = installGlobals(this.scheduler, BROWSER_GLOBALS);
    this.#io = new Io(this.scheduler, this.weather);
    this.transports = new Transports(this.#io);
    this.cloud = new Cloud(this.#io, authorize);
    this.cloud.wantsToStay = (name) =>
      this.pages.some((page) => page.name === name && page.intention === 'in' && page.room?.state === 'connected');
  }

  get random() {
    return this.scheduler.random;
  }

  node(options: Partial<NodeOptions> = {}): MediaNode {
    const name = options.name ?? `n${this.nodes.length + 1}`;
    const node = new MediaNode(
      { capacity: 200, keepsState: true, ...options, name },
      this.#io,
      this.cloud,
      this.transports,
      this,
    );
    this.nodes.push(node);
    node.start();
    return node;
  }

  page(name = `u${this.pages.length + 1}`): Page {
    const page = new Page(name, this.#io, this.cloud, this.transports);
    this.pages.push(page);
    return page;
  }

  thief(): Thief {
    return new Thief(this.#io, this.cloud);
  }

  /** Gives the platform back what was taken from it. */
  end(): void {
    this.#restore();
  }
}

const EVERYTHING = { room: '*', create: true, publish: true, subscribe: true, data: true, moderate: true } as const;
const TOKENS_LAST = 86_400 * 365;

/** Tokens say in so many words whose they are. */
function authorize(token: string): AuthorizerContext | undefined {
  const [kind, name] = token.split(':');
  const expires = Math.floor(Date.now() / 1000) + TOKENS_LAST;
  if (kind === 'node') return contextOf({ sub: `user://${DOMAIN}/node-${name}`, role: 'media-node' }, expires);
  if (kind !== 'user') return undefined;
  const claims = { sub: `user://${DOMAIN}/${name}`, role: 'participant', grants: EVERYTHING } as const;
  return contextOf(claims, expires);
}
