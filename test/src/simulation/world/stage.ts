import { blindness, disagreement, leftovers } from './agreement.ts';
import { violation } from './always.ts';
import type { Page } from './browser/page.ts';
import type { MediaNode, NodeOptions } from './node/media-node.ts';
import type { Random } from './time/random.ts';
import { FAIR } from './weather.ts';
import type { World } from './world.ts';

/** Something that must not be, and is. */
export class Defect extends Error {
  override readonly name = 'Defect';
}

/** How often it is looked whether all agree, and for how long they then must. */
const LOOK = 500;
const STEADY = 2_000;
/** How often it is looked whether nobody is interrupted: a few pictures. */
const GLANCE = 100;

/** Where a scenario plays: whatever it does, what must always hold is checked after each step. */
export class Stage {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  get random(): Random {
    return this.world.random;
  }

  get weather() {
    return this.world.weather;
  }

  node(options?: Partial<NodeOptions>): MediaNode {
    return this.world.node(options);
  }

  /** People who join a room, one after the other within so many milliseconds. */
  async people(count: number, roomId = 'r', within = 1_000): Promise<Page[]> {
    const pages: Page[] = [];
    for (let n = 0; n < count; n++) {
      const page = this.world.page();
      page.join(roomId);
      pages.push(page);
      await this.run(this.random.between(0, within));
    }
    return pages;
  }

  /** API Gateway loses the connections of a page. */
  breakSocket({ process }: Page): void {
    const { gateway } = this.world.cloud;
    for (const { id, owner } of gateway.connections) if (owner === process) gateway.close(id);
  }

  breakAllSockets(): void {
    const { gateway } = this.world.cloud;
    for (const { id } of gateway.connections) gateway.close(id);
  }

  /** From one network to another: nothing of the first one works any more, and the page hears of it. */
  async changeNetwork(page: Page): Promise<void> {
    page.network.cut();
    page.run('offline', () => page.process.page.dispatchEvent(new Event('offline')));
    await this.run(this.random.between(500, 5_000));
    page.network.replace();
    page.run('online', () => page.process.page.dispatchEvent(new Event('online')));
  }

  /** All that is at media servers, and connected. */
  endpoints(): string[] {
    return this.world.nodes.flatMap(({ media }) =>
      (media.server?.endpoints ?? []).filter(({ state }) => state === 'connected').map(({ id }) => id),
    );
  }

  /** What was there is there still: nobody has lost a frame. */
  expectKept(before: readonly string[]): void {
    const now = new Set(this.endpoints());
    const lost = before.filter((id) => !now.has(id));
    if (lost.length > 0) throw new Defect(`media were interrupted: ${lost.join(', ')} are gone`);
  }

  /** The node that carries a room. */
  nodeOf(roomId: string): MediaNode {
    const room = this.world.cloud.rooms.find(({ url }) => url.endsWith(`/${roomId}`));
    const node = this.world.nodes.find(({ name }) => room?.node.endsWith(`/media-${name}`));
    if (!node) throw new Defect(`${roomId} has no node`);
    return node;
  }

  /** Who takes part, and since which version of the room. */
  stays(roomId: string): string[] {
    const room = this.world.cloud.rooms.find(({ url }) => url.endsWith(`/${roomId}`));
    return Object.values(room?.members ?? {}).map(({ name, admitted }) => `${name}@${admitted}`);
  }

  /** Until it is so everybody sees whom there is to be seen, without a moment's interruption. */
  async untilSeeing(what: string, holds: () => boolean, ms: number): Promise<void> {
    const { scheduler } = this.world;
    const until = scheduler.now + ms;
    while (!holds()) {
      if (scheduler.now >= until) throw new Defect(`after ${ms / 1000} s: ${what}`);
      const blind = blindness(this.world);
      if (blind !== undefined) throw new Defect(blind);
      await this.run(GLANCE);
    }
  }

  /** Lets that much time pass. */
  async run(ms: number): Promise<void> {
    const { scheduler } = this.world;
    const until = scheduler.now + ms;
    while (await scheduler.step(until)) {
      const found = violation(this.world);
      if (found !== undefined) throw new Defect(found);
    }
    scheduler.passUntil(until);
  }

  /** Waits until it is so, for so long at the most. */
  async until(what: string, holds: () => boolean, ms: number): Promise<void> {
    await this.#await(() => (holds() ? undefined : what), ms, 0);
  }

  /** Waits until everything is as people want it; that must not take longer. */
  async agree(ms = 15_000): Promise<void> {
    await this.#await(() => disagreement(this.world), ms, STEADY);
  }

  /** Waits until nothing is left of anybody. */
  async clear(ms = 60_000): Promise<void> {
    await this.#await(() => leftovers(this.world), ms, STEADY);
  }

  /** The faults are over: all who want to are together in the end, and when they have gone nothing is left. */
  async end(ms = 60_000): Promise<void> {
    Object.assign(this.weather, structuredClone(FAIR));
    for (const { network } of [...this.world.pages, ...this.world.nodes]) network.heal();
    for (const node of this.world.nodes) {
      node.supervised = true;
      node.media.goOn();
      node.start();
    }
    await this.agree(ms);
    for (const page of this.world.pages) if (page.intention === 'in') page.leave();
    await this.clear();
  }

  async #await(missing: () => string | undefined, ms: number, steady: number): Promise<void> {
    const { scheduler } = this.world;
    const until = scheduler.now + ms;
    let since: number | undefined;
    for (;;) {
      const found = missing();
      if (found === undefined) since ??= scheduler.now;
      else since = undefined;
      if (since !== undefined && scheduler.now - since >= steady) return;
      if (found !== undefined && scheduler.now >= until) throw new Defect(`after ${ms / 1000} s: ${found}`);
      await this.run(LOOK);
    }
  }
}
