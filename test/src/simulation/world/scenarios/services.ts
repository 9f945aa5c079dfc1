import { FOUL } from '../weather.ts';
import { scenario } from './scenario.ts';

/* The services below misbehave as they may. */

export const SERVICES = [
  scenario('functions-killed', 'functions end in the middle of what they do', async (stage) => {
    stage.node();
    stage.weather.killedFunction = 0.03;
    const pages = await stage.people(4);
    await stage.run(5_000);
    stage.random.pick(pages)?.leave();
    stage.random.pick(pages)?.kill();
    await stage.run(5_000);
    await stage.end();
  }),

  scenario(
    'half-made',
    'functions and tabs end in the middle of joins, and nobody is told of either',
    async (stage) => {
      stage.node();
      await stage.run(2_000);
      Object.assign(stage.weather, { killedFunction: 0.3, lostDisconnect: 1 });
      for (let n = 0; n < 8; n++) {
        const page = stage.world.page();
        page.join(`room-${n}`);
        await stage.run(stage.random.between(20, 400));
        page.kill();
      }
      await stage.run(3_000);
      await stage.end();
    },
  ),

  scenario('leaves-cut-short', 'functions end while they see to people who leave', async (stage) => {
    stage.node();
    const pages = await stage.people(6, 'r', 300);
    await stage.agree();
    stage.weather.killedFunction = 0.1;
    for (const page of pages.slice(1)) page.leave();
    await stage.run(2_000);
    await stage.end(45_000);
  }),

  scenario('throttled-table', 'DynamoDB refuses one command in twenty', async (stage) => {
    stage.node();
    stage.weather.tableThrottled = 0.05;
    const pages = await stage.people(4);
    await stage.run(8_000);
    stage.random.pick(pages)?.leave();
    await stage.run(3_000);
    await stage.end();
  }),

  scenario('throttled-gateway', 'API Gateway refuses one post in twenty', async (stage) => {
    stage.node();
    stage.weather.gatewayThrottled = 0.05;
    const pages = await stage.people(4);
    await stage.run(8_000);
    stage.random.pick(pages)?.leave();
    await stage.run(3_000);
    await stage.end();
  }),

  scenario('doubled-posts', 'one frame in five comes twice', async (stage) => {
    stage.node();
    stage.weather.doubledPost = 0.2;
    const pages = await stage.people(4);
    await stage.agree(20_000);
    stage.random.pick(pages)?.say('once');
    stage.random.pick(pages)?.kill();
    await stage.agree(20_000);
    await stage.end();
  }),

  scenario('slow', 'now and then something takes twenty times as long, and overtakes', async (stage) => {
    stage.node();
    stage.weather.slow = { chance: 0.15, factor: 20 };
    const pages = await stage.people(5);
    stage.random.pick(pages)?.leave();
    await stage.run(3_000);
    stage.random.pick(pages)?.kill();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('stale-indexes', 'indexes are behind by up to a second and a half', async (stage) => {
    stage.node();
    stage.weather.indexDelay = 1_500;
    for (const page of await stage.people(4, 'r', 500)) {
      if (stage.random.chance(0.4)) page.kill();
      await stage.run(stage.random.between(0, 1_000));
    }
    await stage.agree(45_000);
    await stage.end();
  }),

  scenario('deployment', 'new functions are deployed while people talk', async (stage) => {
    stage.node();
    const pages = await stage.people(3);
    await stage.agree();
    stage.world.cloud.deploy();
    await stage.people(1);
    stage.world.cloud.deploy();
    stage.random.pick(pages)?.leave();
    await stage.agree();
    await stage.end();
  }),

  scenario('clock-skew', 'the clocks of functions and nodes are seconds apart', async (stage) => {
    const node = stage.node();
    stage.weather.skew = 3_000;
    if (node.process) node.process.skew = stage.random.between(-30_000, 30_000);
    const pages = await stage.people(4);
    await stage.agree(20_000);
    stage.random.pick(pages)?.kill();
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('storm', 'forty join within a second', async (stage) => {
    stage.node({ capacity: 2_000 });
    await stage.run(2_000);
    for (let n = 0; n < 40; n++) {
      stage.world.page().join(`room-${n % 10}`);
      await stage.run(stage.random.between(0, 50));
    }
    await stage.agree(30_000);
    await stage.end();
  }),

  scenario('foul', 'everything at once', async (stage) => {
    stage.node();
    stage.node();
    Object.assign(stage.weather, structuredClone(FOUL));
    const pages = await stage.people(5);
    for (let n = 0; n < 5; n++) {
      const page = stage.random.pick(pages);
      if (page && stage.random.chance(0.5)) stage.breakSocket(page);
      else if (stage.random.chance(0.3)) page?.kill();
      await stage.run(stage.random.between(0, 4_000));
    }
    await stage.end(90_000);
  }),
];

/* Too long to be played with the others. */

export const LONG = [
  scenario('crowd-storm', 'five hundred join within ten seconds', async (stage) => {
    for (let n = 0; n < 4; n++) stage.node({ capacity: 5_000 });
    await stage.run(2_000);
    for (let n = 0; n < 500; n++) {
      stage.world.page().join(`room-${n % 100}`);
      await stage.run(stage.random.between(0, 40));
    }
    await stage.agree(30_000);
    await stage.end();
  }),
];
