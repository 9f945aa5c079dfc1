import type { Page } from '../browser/page.ts';
import type { MediaNode } from '../node/media-node.ts';
import type { Stage } from '../stage.ts';
import { scenario } from './scenario.ts';

type Deed = (stage: Stage, page: Page, node: MediaNode) => Promise<void> | void;

/** What may happen, and how often compared to other things. */
const DEEDS: readonly (readonly [weight: number, deed: Deed])[] = [
  [8, (stage) => stage.world.page().join(stage.random.chance(0.8) ? 'r' : 's')],
  [4, (_, page) => page.leave()],
  [2, (_, page) => page.kill()],
  [2, (_, page) => page.close()],
  [2, (_, page) => page.perish()],
  [4, (stage, page) => stage.breakSocket(page)],
  [2, (stage, page) => stall(stage, page.network, 30_000)],
  [1, (stage, page) => stage.changeNetwork(page)],
  [3, (stage, page) => page.say(`at ${stage.world.scheduler.now} by ${page.name}`)],
  [2, (_, page) => (page.room?.localParticipant.publications.has('screen') ? page.stopScreen() : page.shareScreen())],
  [2, (_, _page, node) => node.killAgent()],
  [1, (_, _page, node) => node.stopAgent()],
  [1, (_, _page, node) => node.crashKurento()],
  [1, (_, _page, node) => node.crash()],
  [1, (stage, _page, node) => stall(stage, node.network, 12_000)],
  [1, (stage, _page, node) => hang(stage, node)],
  [1, (stage) => stage.world.cloud.deploy()],
  [1, (stage) => stage.breakAllSockets()],
];

export const RANDOM = scenario('random', 'whatever the seed decides', async (stage) => {
  const { random, world, weather } = stage;
  for (let n = 0; n <= random.below(3); n++) stage.node({ keepsState: random.chance(0.8) });
  if (random.chance(0.5)) Object.assign(weather, someWeather(stage));
  await stage.people(1 + random.below(4));
  for (let n = 0; n < 12; n++) {
    await stage.run(random.between(0, 5_000));
    const page = random.pick(world.pages.filter(({ intention }) => intention === 'in'));
    const node = random.pick(world.nodes);
    const deed = pick(stage);
    if (page && node) await deed(stage, page, node);
  }
  await stage.end(120_000);
});

function pick({ random }: Stage): Deed {
  const total = DEEDS.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [weight, deed] of DEEDS) {
    left -= weight;
    if (left < 0) return deed;
  }
  return () => {};
}

function someWeather({ random }: Stage) {
  const some = (most: number) => (random.chance(0.5) ? random.between(0, most) : 0);
  return {
    slow: { chance: some(0.1), factor: random.between(2, 20) },
    tableThrottled: some(0.01),
    gatewayThrottled: some(0.02),
    doubledPost: some(0.05),
    killedFunction: some(0.005),
    coldStart: some(0.3),
    lostDisconnect: some(0.5),
    lateDisconnect: some(0.5),
    indexDelay: random.between(10, 1_500),
    skew: some(2_000),
  };
}

async function stall(stage: Stage, network: { cut(): void; heal(): void }, most: number): Promise<void> {
  network.cut();
  await stage.run(stage.random.between(100, most));
  network.heal();
}

async function hang(stage: Stage, node: MediaNode): Promise<void> {
  node.media.hang();
  await stage.run(stage.random.between(500, 12_000));
  node.media.goOn();
}
