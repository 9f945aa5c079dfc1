import type { Stack } from '@hyperroom/local';
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { pageScript } from '../call/page-script.ts';
import type { Extra, ExtraCommands, Pose, Server } from './pose.ts';

const DEADLINE = 60_000;

export interface Visit extends Partial<Pose> {
  /** Another call page than the stack's. */
  readonly demo?: string;
  /** The call page's query: `{ room: 'standup' }`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Hears of the page before it goes anywhere. */
  readonly onPage?: (page: Page) => Promise<void>;
}

/** Brings call pages, and people for them to show, onto a stack. */
export class Theatre {
  readonly stack: Stack;
  readonly #browser: Browser;
  readonly #operator: string;
  readonly #lines = new Map<Page, Line>();
  /** How often each name was given. */
  readonly #rooms = new Map<string, number>();
  #crowd: Promise<Page> | undefined;

  constructor(browser: Browser, stack: Stack, operator: string) {
    this.#browser = browser;
    this.stack = stack;
    this.#operator = operator;
  }

  /** The name of a room in which nobody has been. */
  newRoom(name: string): string {
    const times = (this.#rooms.get(name) ?? 0) + 1;
    this.#rooms.set(name, times);
    return times === 1 ? name : `${name}-${times}`;
  }

  /** Opens the call page as somebody. */
  async visit({ name = 'Ada', demo = this.stack.demo, query = {}, onPage, ...pose }: Visit = {}): Promise<Page> {
    const context = await this.#newContext();
    const line = await Line.of(context);
    const whole: Pose = { name, ...pose };
    const script = `globalThis.hyperroomPose = ${JSON.stringify(whole)};\n${await pageScript('posing.ts')}`;
    await context.addInitScript({ content: script });
    const page = await context.newPage();
    page.setDefaultTimeout(DEADLINE);
    this.#lines.set(page, line);
    await onPage?.(page);
    const url = new URL(demo);
    url.search = new URLSearchParams(query).toString();
    await page.goto(url.href);
    return page;
  }

  /** Opens the operator's page. */
  async visitOperator(): Promise<Page> {
    const page = await (await this.#newContext()).newPage();
    await page.goto(this.#operator);
    return page;
  }

  /** Opens a page that runs nothing by itself; of the call page's origin, as peer connections want a secure one. */
  async blank(): Promise<Page> {
    const page = await (await this.#newContext()).newPage();
    await page.goto(new URL('config.json', this.stack.demo).href);
    return page;
  }

  /** Somebody who goes straight into a room; `options` are the room's, if there is none yet. */
  async call(room: string, { options = {}, name = 'Ada', ...visit }: Visit & { options?: object } = {}): Promise<Page> {
    const query = { room, name, auto: '1', options: JSON.stringify(options), ...visit.query };
    return this.visit({ ...visit, name, query });
  }

  /** People come into a room, one after the other. */
  async bring(...extras: readonly Extra[]): Promise<void> {
    for (const extra of extras) await this.tell('join', this.server, extra);
  }

  async knock(extra: Extra): Promise<void> {
    await this.tell('knock', this.server, extra);
  }

  async tell<Name extends keyof ExtraCommands>(
    command: Name,
    ...parameters: Parameters<ExtraCommands[Name]>
  ): Promise<void> {
    this.#crowd ??= this.#openCrowd();
    await (await this.#crowd).evaluate(`hyperroomExtras.${command}(...${JSON.stringify(parameters)})`);
  }

  /** A page's line to the server is down, until what this gives is called. */
  cut(page: Page): () => void {
    const line = this.#lines.get(page);
    if (!line) throw new Error('no page of this theatre');
    return line.cut();
  }

  /** Everybody goes. */
  async clear(): Promise<void> {
    this.#crowd = undefined;
    this.#lines.clear();
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  get server(): Server {
    const { signalling: url, domain } = this.stack;
    return { url, domain };
  }

  #newContext(): Promise<BrowserContext> {
    return this.#browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  }

  async #openCrowd(): Promise<Page> {
    const page = await this.blank();
    await page.addScriptTag({ content: await pageScript('extras.ts') });
    return page;
  }
}

/** The way from a page to the server. */
class Line {
  readonly #open = new Set<WebSocketRoute>();
  #isCut = false;

  static async of(context: BrowserContext): Promise<Line> {
    const line = new Line();
    await context.routeWebSocket(/./, (socket) => line.#opened(socket));
    return line;
  }

  cut(): () => void {
    this.#isCut = true;
    for (const socket of this.#open) void socket.close();
    this.#open.clear();
    return () => {
      this.#isCut = false;
    };
  }

  #opened(socket: WebSocketRoute): void {
    if (this.#isCut) {
      void socket.close();
      return;
    }
    this.#open.add(socket);
    socket.connectToServer();
  }
}
